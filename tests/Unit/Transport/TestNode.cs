using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.TestKit;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Tests.Unit.Transport;

/// <summary>A member with a real cluster port on loopback.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    public const string ClusterName = "test-cluster";
    public const string Secret = "a secret of some length";

    private readonly ClusterPort _port;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = [];

    private TestNode(ClusterPort port, PeerNetwork network, RecordingReceiver receiver, LogRecorder log, Meter meter)
    {
        _port = port;
        Network = network;
        Receiver = receiver;
        Log = log;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Count(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Count(instrument, value, tags));
        _listener.Start();
    }

    public int Port => _port.Port;

    public PeerNetwork Network { get; }

    public RecordingReceiver Receiver { get; }

    public LogRecorder Log { get; }

    public Incarnation Self => Network.Self;

    public static async Task<TestNode> StartAsync(
        Action<TransportOptions>? configure = null, string clusterName = ClusterName, string secret = Secret)
    {
        var options = new TransportOptions();
        configure?.Invoke(options);
        var port = await ClusterPort.StartAsync();
        var receiver = new RecordingReceiver();
        var log = new LogRecorder();
        var meter = new Meter("test");
        var loggers = LoggerFactory.Create(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug));
        var self = new Incarnation(Guid.NewGuid());
        var network = new PeerNetwork(
            self, clusterName, secret, options, receiver, TimeProvider.System, new Random(1), loggers, new TransportMetrics(meter));
        port.Handler.Attach(network);
        return new TestNode(port, network, receiver, log, meter);
    }

    public MemberSnapshot Member(MemberStatus status = MemberStatus.Up) => MemberAt(Self, $"127.0.0.1:{Port}", status);

    public static MemberSnapshot MemberAt(Incarnation incarnation, string address, MemberStatus status = MemberStatus.Up) =>
        new(incarnation, "node", address, "127.0.0.1:1", ImmutableArray.Create("entity"), "1", status, 1, default, "");

    public async Task ConnectToAsync(TestNode other)
    {
        Network.UpdatePeers([Member(), other.Member()]);
        await Eventually.TrueAsync(() => Network.IsConnected(other.Self), "the outgoing connection was not authenticated");
    }

    /// <summary>The sum of a counter over all measurements with this tag value; all of them without one.</summary>
    public long Counted(string instrument, string tag = "") => _counts.GetValueOrDefault($"{instrument} {tag}");

    public Task ShouldCountAsync(string instrument, string tag) =>
        Eventually.TrueAsync(() => Counted(instrument, tag) > 0, $"{instrument} did not count {tag}; counted: {string.Join(", ", _counts)}");

    public async ValueTask DisposeAsync()
    {
        await Network.DisposeAsync();
        await _port.DisposeAsync();
        _listener.Dispose();
    }

    private void Count(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        _counts.AddOrUpdate($"{instrument.Name} ", value, (_, sum) => sum + value);
        foreach (var tag in tags)
        {
            _counts.AddOrUpdate($"{instrument.Name} {tag.Value}", value, (_, sum) => sum + value);
        }
    }
}
