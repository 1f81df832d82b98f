using AkkaScale.LegacyCluster;

namespace AkkaScale.Tests.Store.Model;

/// <summary>Counts what was met, so that nobody believes in a comparison that compared nothing.</summary>
internal sealed class Situations
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public void Count(StoreOperation operation, string outcome)
    {
        if (operation is StoreOperation.Append append)
        {
            foreach (var (tag, status) in append.Tags.Zip(outcome.Split(", ")))
            {
                Count($"append {(tag.Length == 0 ? "fitting" : tag)}: {status}");
            }

            foreach (var (slice, status) in append.Slices.Zip(outcome.Split(", ")))
            {
                CountKinds(slice, status);
            }

            return;
        }

        var kind = operation is StoreLook ? "look" : operation.GetType().Name;
        Count($"{kind}{(operation.Tag.Length == 0 ? "" : $" {operation.Tag}")}: {Kind(outcome)}");
        if (operation is StoreLook { Tag: "recovery" } && outcome.EndsWith(" and more", StringComparison.Ordinal))
        {
            Count("recovery truncated");
        }
    }

    /// <summary>Those of the wanted that were not met.</summary>
    public IEnumerable<string> Missing(IEnumerable<string> wanted) => wanted.Where(situation => !_counts.ContainsKey(situation));

    public override string ToString() => string.Join('\n', _counts.Select(count => $"  {count.Value,6}  {count.Key}"));

    private void CountKinds(LegacySharding.Ports.ShardSlice slice, string status)
    {
        CountIf("results", slice.Results.Count);
        CountIf("snapshots", slice.Snapshots.Count);

        void CountIf(string what, int count)
        {
            if (count > 0)
            {
                Count($"{what}: {status}");
            }
        }
    }

    private void Count(string situation) => _counts[situation] = _counts.GetValueOrDefault(situation) + 1;

    private static string Kind(string outcome)
    {
        var first = outcome.Split(' ', ':')[0];
        return Enum.GetNames<WriteOutcome>().Contains(first) ? first : outcome is "too many" or "raised" ? outcome : outcome is "" or "0" ? "nothing" : "something";
    }
}
