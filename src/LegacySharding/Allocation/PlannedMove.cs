using System.Globalization;

namespace AkkaScale.LegacySharding.Allocation;

internal enum MoveCause
{
    NoTarget,
    TargetGone,
    Pinned,
    Ordered,
    Drained,
    Balance,
}

/// <summary>A move that an allocation wants, with the figures it was decided by; put into words only if it is carried out.</summary>
/// <param name="From">What the member had that gives it; without figures if nobody does, or for another reason than its load.</param>
internal readonly record struct PlannedMove(
    ShardPlacement Placement, MoveCause Cause, Seat To, SeatFigures From, SeatFigures Then, ShardLoad Load, long Weight)
{
    /// <summary>Who wanted it, if an operator did.</summary>
    public OrderedMove? Order { get; init; }

    /// <summary>A shard without a living target never waits for a bound.</summary>
    public bool IsUrgent => Cause is MoveCause.NoTarget or MoveCause.TargetGone;

    public string Reason => Cause switch
    {
        _ when Order is { } order => order.Words,
        MoveCause.NoTarget => $"had no target; {Then.Name} had {Has(Then)}",
        MoveCause.TargetGone => $"its target is not up any more; {Then.Name} had {Has(Then)}",
        MoveCause.Pinned => $"is pinned to {Then.Name}",
        MoveCause.Drained => $"{From.Name} is being drained; {Then.Name} had {Has(Then)}",
        _ when From.Rate < 0.05 && Then.Rate < 0.05 => $"{From.Name} has {Has(From)}; {Then.Name} had {Has(Then)}",
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"{From.Name} carries {From.Rate:0.#}/s in {From.Count} shards, {Then.Name} {Then.Rate:0.#}/s in {Then.Count}; shard {Placement.Shard} has {Load.Rate:0.#}/s"),
    };

    /// <summary>JSON of numbers only: nothing in it needs escaping. In one piece, because a first start makes one for each shard.</summary>
    public string Numbers => From.Count == 0
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"rate\":{Load.Rate:0.###},\"residents\":{Load.Residents:0},\"weight\":{Weight / 1000.0:0.###},\"to\":{{\"shards\":{Then.Count},\"rate\":{Then.Rate:0.###},\"weight\":{Then.Weight / 1000.0:0.###}}}}}")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"rate\":{Load.Rate:0.###},\"residents\":{Load.Residents:0},\"weight\":{Weight / 1000.0:0.###},\"from\":{{\"shards\":{From.Count},\"rate\":{From.Rate:0.###},\"weight\":{From.Weight / 1000.0:0.###}}},\"to\":{{\"shards\":{Then.Count},\"rate\":{Then.Rate:0.###},\"weight\":{Then.Weight / 1000.0:0.###}}}}}");

    private static string Has(SeatFigures seat) => seat.Rate < 0.05
        ? seat.Count.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{seat.Count} ({seat.Rate:0.#}/s)");
}
