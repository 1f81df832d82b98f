using AkkaScale.LegacyCluster.Transport;

namespace AkkaScale.LegacyCluster.Membership;

/// <summary>Hints over the connections between members; a map hint is a frame without payload.</summary>
/// <param name="isSending">False: no map hint is ever sent, and peers see changes at their next poll.</param>
public sealed class PeerNetworkHints(IPeerNetwork network, Incarnation self, ClusterMetrics metrics, bool isSending = true) : IClusterPeers
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
        metrics.Hinted(isSending);
        if (!isSending)
        {
            return;
        }

        foreach (var peer in _peers)
        {
            // A hint that is not sent costs its receiver at most one poll interval.
            network.TrySend(peer, FrameType.MapHint, 0, static (_, _) => { });
        }
    }
}
