using Microsoft.AspNetCore.Connections;

namespace AkkaScale.LegacyCluster.Transport;

/// <summary>
/// The cluster port. It lives as long as the process and hands accepted connections to the incarnation that is attached;
/// while none is, they are closed. Register it as a singleton and map it with <c>UseConnectionHandler</c>.
/// </summary>
public sealed class ClusterConnectionHandler : ConnectionHandler
{
    private volatile PeerNetwork? _network;

    /// <summary>Serves connections for this incarnation from now on.</summary>
    public void Attach(PeerNetwork network) => _network = network;

    /// <summary>Stops handing connections to it, unless another one took its place already.</summary>
    public void Detach(PeerNetwork network) => Interlocked.CompareExchange(ref _network, null, network);

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        if (_network is { } network)
        {
            await network.ServeAsync(connection).ConfigureAwait(false);
            return;
        }

        TransportMetrics.Shared.HandshakeRefused("not_a_member", outbound: false);
        connection.Abort();
    }
}
