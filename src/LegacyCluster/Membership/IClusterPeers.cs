namespace AkkaScale.LegacyCluster.Membership;

/// <summary>
/// What a session tells the network between members. Calls come from one loop and return at once.
/// <see cref="PeerNetworkHints"/> does it over an IPeerNetwork.
/// </summary>
public interface IClusterPeers
{
    /// <summary>The members that hold or may hold a lease, self included; called when they change.</summary>
    void UpdatePeers(IReadOnlyCollection<MemberSnapshot> members);

    /// <summary>Whether authenticated connections with the peer stand in both directions right now.</summary>
    bool IsReachable(Incarnation peer);

    /// <summary>This member has committed a change of membership, targets or ownership: peers should poll now. Best effort.</summary>
    void SendMapHint();
}
