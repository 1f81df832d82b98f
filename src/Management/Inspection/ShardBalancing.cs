using AkkaScale.Management.Facts;

namespace AkkaScale.Management.Inspection;

/// <summary>Takes the order to make members even: what the plan would move is ordered, one move each.</summary>
internal sealed class ShardBalancing(SystemInspection inspection, ShardMoves moves)
{
    public async Task<IReadOnlyList<MoveOutcome>> OrderAsync(RebalanceOrder order, CancellationToken cancellationToken)
    {
        var planned = BalancePlan.Of(await inspection.ReadAsync(cancellationToken), order.MaxMoves);
        var ordered = new List<MoveOutcome>();
        foreach (var move in planned)
        {
            ordered.Add(await moves.MoveAsync(move with { Reason = order.Reason ?? move.Reason, By = order.By }, cancellationToken));
        }

        return [.. ordered.Where(move => !move.IsThere)];
    }
}
