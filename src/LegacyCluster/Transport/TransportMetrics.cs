using System.Diagnostics.Metrics;

namespace AkkaScale.LegacyCluster.Transport;

/// <summary>Instruments of the cluster port. Frames and bytes are added per flush and per read, not per frame.</summary>
internal sealed class TransportMetrics
{
    public const string MeterName = "AkkaScale.Transport";

    public const string Full = "full";
    public const string Closed = "closed";
    public const string NotConnected = "not_connected";

    /// <summary>The process's own; a meter belongs to the process, not to an incarnation.</summary>
    public static readonly TransportMetrics Shared = new(new Meter(MeterName));

    private static readonly KeyValuePair<string, object?> Inbound = new("direction", "in");
    private static readonly KeyValuePair<string, object?> Outbound = new("direction", "out");

    private readonly Counter<long> _frames;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _refusedHandshakes;
    private readonly Counter<long> _protocolErrors;
    private readonly Counter<long> _sendRefusals;
    private readonly UpDownCounter<int> _connections;

    public TransportMetrics(Meter meter)
    {
        _frames = meter.CreateCounter<long>("akkascale.transport.frames", "{frame}", "Frames sent and received after the handshake");
        _bytes = meter.CreateCounter<long>("akkascale.transport.bytes", "By", "Bytes of these frames, headers included");
        _refusedHandshakes = meter.CreateCounter<long>(
            "akkascale.transport.handshakes.refused", "{handshake}", "Handshakes that did not end in a connection, by reason");
        _protocolErrors = meter.CreateCounter<long>(
            "akkascale.transport.protocol_errors", "{error}", "Connections closed because their bytes broke the protocol, by reason");
        _sendRefusals = meter.CreateCounter<long>(
            "akkascale.transport.sends.refused", "{frame}", "Frames not accepted for sending, by reason");
        _connections = meter.CreateUpDownCounter<int>(
            "akkascale.transport.connections", "{connection}", "Authenticated connections that stand, by direction");
    }

    public void Sent(int frames, long bytes)
    {
        _frames.Add(frames, Outbound);
        _bytes.Add(bytes, Outbound);
    }

    public void Received(int frames, long bytes)
    {
        _frames.Add(frames, Inbound);
        _bytes.Add(bytes, Inbound);
    }

    public void HandshakeRefused(string reason, bool outbound) =>
        _refusedHandshakes.Add(1, new("reason", reason), outbound ? Outbound : Inbound);

    public void Broken(ProtocolError error) => _protocolErrors.Add(1, new KeyValuePair<string, object?>("reason", NameOf(error)));

    public void SendRefused(string reason) => _sendRefusals.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void ConnectionsChanged(int by, bool outbound) => _connections.Add(by, outbound ? Outbound : Inbound);

    public static string NameOf(ProtocolError error) => error switch
    {
        ProtocolError.LengthTooSmall => "length_too_small",
        ProtocolError.LengthTooLarge => "length_too_large",
        ProtocolError.UnknownType => "unknown_type",
        ProtocolError.UnexpectedType => "unexpected_type",
        ProtocolError.OutOfSequence => "out_of_sequence",
        ProtocolError.Truncated => "truncated",
        ProtocolError.MalformedPayload => "malformed_payload",
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, null),
    };
}
