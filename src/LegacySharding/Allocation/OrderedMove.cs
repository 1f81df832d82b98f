using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.LegacySharding.Allocation;

/// <summary>What an operator wants of a shard, once.</summary>
/// <param name="ByWhom">Empty: not said.</param>
/// <param name="Reason">In the operator's words; may be empty.</param>
public sealed record OrderedMove(string NodeName, string ByWhom, string Reason)
{
    /// <summary>For the shard's decisions.</summary>
    public string Words => Reason.Length == 0 ? $"was moved to {NodeName} by {Who}" : $"was moved to {NodeName} by {Who}: {Reason}";

    /// <summary>Who gave the order, for a sentence.</summary>
    public string Who => ByWhom.Length == 0 ? "an operator" : ByWhom;

    public static OrderedMove Of(ShardMove move) => new(move.NodeName, move.ByWhom, move.Reason);
}
