using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>One compare-and-set of a handoff: (self, <paramref name="Epoch"/>) → (<paramref name="Target"/>, epoch + 1).</summary>
/// <param name="HandoffId">Of the attempt; the target uses what it was sent under this id, and nothing else.</param>
public sealed record HandOver(int Shard, long Epoch, Incarnation Target, string HandoffId)
{
    private const string Prefix = "handoff/";

    /// <summary>How the target's epoch was reached, as its owner row says.</summary>
    public string AcquiredBy => Prefix + HandoffId;

    /// <summary>The attempt by which an epoch was reached; null if it was reached in another way.</summary>
    public static string? HandoffIdOf(string acquiredBy) =>
        acquiredBy.StartsWith(Prefix, StringComparison.Ordinal) ? acquiredBy[Prefix.Length..] : null;
}
