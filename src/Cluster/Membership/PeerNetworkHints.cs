using AkkaScale.Cluster.Transport;

namespace AkkaScale.Cluster.Membership;

/// <summary>Hints over the connections between members; a map hint is a frame without payload.</summary>
public sealed class PeerNetworkHints(IPeerNetwork network, Incarnation self) : IClusterPeers
{
    private Incarnation[] _peers = [];

    public void UpdatePeers(IReadOnlyCollection<MemberSnapshot> members)
    {
        _peers = [.. members.Select(member => member.Incarnation).Where(peer => peer != self)];
        network.UpdatePeers(members);
    }

    public bool IsReachable(Incarnation peer) => network.IsReachable(peer);

    public void SendMapHint()
    {
        foreach (var peer in _peers)
        {
            // A hint that is not sent costs its receiver at most one poll interval.
            network.TrySend(peer, FrameType.MapHint, 0, static (_, _) => { });
        }
    }
}
