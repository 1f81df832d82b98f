using System.Text;

namespace AkkaScale.Cluster.Orders;

/// <summary>What an operator wants of a shard, once: that it moves to a node. A later one takes the place of an earlier one.</summary>
/// <param name="Region">Type name, as given to sharding.</param>
/// <param name="Shard">Its number.</param>
/// <param name="NodeName">As <see cref="Options.ClusterDatabaseOptions.NodeName"/> has it.</param>
/// <param name="By">Who gave it, for people.</param>
/// <param name="Reason">In the operator's words; may be empty.</param>
public sealed record ShardOrder(string Region, int Shard, string NodeName, string By, string Reason)
{
    /// <summary>When the database took it, by its clock. It tells one order from the next of the same shard.</summary>
    public DateTime At { get; init; }

    /// <summary>Every part that the database could not keep, in words; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        const int Longest = 1_000;
        if (Shard < 0)
        {
            yield return $"There is no shard {Shard}.";
        }

        foreach (var (name, text, mayBeEmpty) in new[]
        {
            (nameof(Region), Region, false), (nameof(NodeName), NodeName, false), (nameof(By), By, true), (nameof(Reason), Reason, true),
        })
        {
            if (text.Length > Longest || text.EnumerateRunes().Any(IsUnfit) || (text.Length == 0 && !mayBeEmpty))
            {
                yield return $"{name} must have {(mayBeEmpty ? 0 : 1)} to {Longest} characters, none of them NUL or half a surrogate pair.";
            }
        }
    }
    /// <summary>A broken pair reads as the replacement character.</summary>
    private static bool IsUnfit(Rune rune) => rune.Value == 0 || rune == Rune.ReplacementChar;
}
