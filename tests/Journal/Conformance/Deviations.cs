namespace AkkaScale.Tests.Journal.Conformance;

/// <summary>The one list of what plugins do otherwise than the rules say.</summary>
public static class Deviations
{
    private static readonly string[] Stock = ["stock PostgreSQL", "stock SQLite"];

    /// <summary>Ours keeps the stock tables and is read by the stock read journal.</summary>
    private static readonly string[] Every = [.. Stock, "ours PostgreSQL", "ours SQLite"];

    private static readonly Deviation[] Known =
    [
        .. Of(
            Stock, "A_lowest_number_bounds_the_choice", "Actual:   20",
            "its snapshot store never looks at a criteria's lowest number"),
        .. Of(
            Stock, "An_earliest_time_bounds_the_choice", "Actual:   20",
            "its snapshot store never looks at a criteria's earliest time"),
        .. Of(
            Stock, "A_lowest_number_bounds_the_deletion", "[30]",
            "its snapshot store never looks at a criteria's lowest number, so it deletes more than it was asked to"),
        .. Of(
            Every, "A_tag_may_hold_a_semicolon", "[\"a\", \"b-",
            "its read journal gathers an event's tags into one text, separated by semicolons, and splits it again"),
        .. Of(
            Every, "A_read_adapter_is_given_the_manifest_that_the_write_adapter_named", "one (noted@1)",
            "its table has no column for the write adapter's manifest; a read adapter is given the serializer's"),
    ];

    public static IReadOnlyList<Deviation> All => Known;

    public static Deviation? Find(string plugin, string rule) => Known.SingleOrDefault(each => each.Plugin == plugin && each.Rule == rule);

    private static IEnumerable<Deviation> Of(string[] plugins, string rule, string seen, string reason) =>
        plugins.Select(plugin => new Deviation(plugin, rule, seen, reason));
}
