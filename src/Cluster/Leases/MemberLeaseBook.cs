namespace AkkaScale.Cluster.Leases;

/// <summary>
/// What a member holds, for its journals: known before the actor system is, since they are set up with it. The lease loop fills the state.
/// </summary>
internal sealed class MemberLeaseBook(LeaseState state) : ILeaseBook
{
    private Action<string, long>? _onLost;

    public string Owner => state.Own;

    public LeaseState State => state;

    public long? EpochOf(string lease) => state.EpochOf(lease);

    /// <summary>Until the loop listens nothing is held, and so nothing can be lost.</summary>
    public void Lost(string lease, long epoch) => _onLost?.Invoke(lease, epoch);

    public void Listen(Action<string, long> onLost) => _onLost = onLost;
}
