namespace AkkaScale.LegacySharding.Allocation;

/// <summary>Decides where shards should live. Pure: the same inputs give the same moves, so a plan can be shown before it is applied.</summary>
public interface IAllocation
{
    /// <summary>The targets to change, in order of shard; empty when nothing should move.</summary>
    IReadOnlyList<AllocationMove> Plan(AllocationInputs inputs);
}
