using System.Globalization;
using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.Shards;

/// <summary>Many shards in few words.</summary>
internal static class ShardRanges
{
    /// <summary>task/0-3, 7; user/1</summary>
    public static string Of(IEnumerable<ShardName> shards) => string.Join("; ", shards.GroupBy(shard => shard.Region)
        .Select(region => $"{region.Key}/{Numbers(region.Select(shard => shard.Number))}"));

    /// <summary>0-3, 7, 9-12</summary>
    private static string Numbers(IEnumerable<int> shards)
    {
        var parts = new List<string>();
        int? first = null;
        var last = 0;
        foreach (var shard in shards.Order())
        {
            if (first is null || shard != last + 1)
            {
                Close();
                first = shard;
            }

            last = shard;
        }

        Close();
        return string.Join(", ", parts);

        void Close()
        {
            if (first is { } start)
            {
                parts.Add(start == last ? Text(start) : $"{Text(start)}-{Text(last)}");
            }
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
