using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>
/// All the logic of one member: membership, ownership and, if it may coordinate, the coordinator, fed with the same inputs in a fixed order. The
/// loop that drives it and the simulation run this very class.
/// </summary>
public sealed class ClusterMachine(
    MembershipMachine membership, OwnershipMachine ownership, ICoordinator? coordinator, ReachabilityMachine? reachability = null)
{
    private bool _farewellAllowed;

    public MembershipMachine Membership { get; } = membership;

    public OwnershipMachine Ownership { get; } = ownership;

    /// <summary>To be taken right before a reading is asked for, and given back with it.</summary>
    public PollTicket Ticket => new(Ownership.Generation, coordinator?.Generation ?? 0);

    /// <param name="now">Of the process's monotonic clock.</param>
    public List<ClusterEffect> Step(ClusterInput input, TimeSpan now)
    {
        var effects = new List<ClusterEffect>();
        var wasOver = Membership.IsOver;
        Membership.Step(input, now, effects);
        if (Membership.IsOver)
        {
            if (!wasOver)
            {
                EndOwnership(now, effects);
            }

            return effects;
        }

        Ownership.Step(input, now, effects);
        coordinator?.Step(input, now, effects);
        if (reachability?.Step(input, now, effects) is { } forced)
        {
            Membership.Carry(forced, effects);
        }

        _farewellAllowed |= input is ClusterInput.FarewellAllowed;
        if (Membership.OwnStatus == MemberStatus.Leaving && Ownership.OwnsNothing && _farewellAllowed)
        {
            Membership.Step(new ClusterInput.OwnsNothing(), now, effects);
        }

        return effects;
    }

    /// <summary>The drops stand before the member's own word that it has stopped serving.</summary>
    private void EndOwnership(TimeSpan now, List<ClusterEffect> effects)
    {
        var drops = new List<ClusterEffect>();
        Ownership.Step(new ClusterInput.LeaseLost(), now, drops);
        var revoked = effects.FindIndex(effect => effect is ClusterEffect.RevokeLease);
        effects.InsertRange(revoked + 1, drops);
    }
}
