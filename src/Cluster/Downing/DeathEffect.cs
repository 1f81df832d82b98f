using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;

namespace AkkaScale.Cluster.Downing;

internal abstract record DeathEffect
{
    private DeathEffect()
    {
    }

    /// <summary>What is known now; for everybody in this process.</summary>
    internal sealed record Publish(MembersSnapshot Members) : DeathEffect;

    /// <summary>Declare it dead, if state and counter are still these. Said again at each reading until the row shows it.</summary>
    internal sealed record Declare(string Incarnation, NodeState State, long Renewals, string Reason) : DeathEffect;

    /// <summary>
    /// The process was sent away: it is to stop serving, and once it has, to declare itself dead, so that others need not wait until it must be.
    /// </summary>
    internal sealed record GiveWay(long Renewals, string Reason) : DeathEffect;

    /// <summary>The process may not go on.</summary>
    internal sealed record End(NodeEnd Why, string Reason) : DeathEffect;
}
