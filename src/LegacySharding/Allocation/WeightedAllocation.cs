namespace AkkaScale.LegacySharding.Allocation;

/// <summary>
/// Every member the same weight, give or take a shard and the hysteresis. A shard weighs by its messages per second and its entities in
/// memory, and something in any case, so that a cluster at rest is balanced by count within one.
/// </summary>
public sealed class WeightedAllocation(AllocationOptions options) : IAllocation
{
    /// <summary>Of what starts a move, the part to which it is carried on: loads that sway within the rest move nothing.</summary>
    private const double StopPart = 0.25;

    /// <summary>While loads are not known well, of the average weight.</summary>
    private const double NewCoordinatorPart = 0.5;

    public IReadOnlyList<AllocationMove> Plan(AllocationInputs inputs)
    {
        var weights = Weights(inputs);
        var board = new AllocationBoard(inputs, weights);
        if (board.Seats.Length == 0)
        {
            return [];
        }

        var least = Thousandths(options.ShardWeight);
        var average = (double)board.Weight / board.Seats.Length;
        var load = average - (least * (double)board.Count / board.Seats.Length);
        var start = Math.Max(options.Hysteresis * load, inputs.IsNewCoordinator ? NewCoordinatorPart * average : 0);
        Balancing.Run(board, (least / 2) + (long)start, (least / 2) + (long)(options.Hysteresis * load * StopPart));
        return board.Moves();
    }

    /// <summary>Capped so that no sum over all shards and members overflows.</summary>
    private static long Thousandths(double weight) => Math.Max(1, (long)Math.Round(Math.Min(weight, 1e7) * 1000));

    private long[] Weights(AllocationInputs inputs)
    {
        var weights = new long[inputs.Placements.Length];
        for (var shard = 0; shard < weights.Length; shard++)
        {
            var load = inputs.Loads.IsEmpty ? default : inputs.Loads[shard];
            weights[shard] = Thousandths(options.ShardWeight + (options.MessageWeight * load.Rate) + (options.ResidentWeight * load.Residents));
        }

        return weights;
    }
}
