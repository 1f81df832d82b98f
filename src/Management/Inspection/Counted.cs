using System.Globalization;

namespace AkkaScale.Management.Inspection;

/// <summary>A number with its noun and verb, in the singular where it is one: 1 shard is, 2 shards are.</summary>
internal static class Counted
{
    /// <param name="many">Null: the noun with an s.</param>
    public static string Of(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many ?? one + "s")}");
}
