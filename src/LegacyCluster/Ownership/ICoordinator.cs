namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>
/// The coordinator's logic, pure: it becomes coordinator when nobody is, and writes targets while it is. An interface because
/// allocation belongs to sharding, which the cluster does not know.
/// </summary>
public interface ICoordinator
{
    /// <summary>Grows with each operation begun and ended; a reading asked for in an older generation shows the world before it.</summary>
    long Generation { get; }

    /// <summary>Adds <see cref="ClusterEffect.ClaimCoordinator"/> or <see cref="ClusterEffect.WriteTargets"/>; at most one of them is unanswered at a time.</summary>
    void Step(ClusterInput input, TimeSpan now, List<ClusterEffect> effects);
}
