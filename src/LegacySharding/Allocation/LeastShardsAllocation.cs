namespace AkkaScale.LegacySharding.Allocation;

/// <summary>
/// Every member the same number of shards, give or take one, with as few moves as that allows. Ties fall by node name, incarnation and shard number,
/// so every coordinator decides alike.
/// </summary>
public sealed class LeastShardsAllocation : IAllocation
{
    public IReadOnlyList<AllocationMove> Plan(AllocationInputs inputs)
    {
        var board = new AllocationBoard(inputs, weights: null);
        if (board.Seats.Length == 0)
        {
            return [];
        }

        // Half a shard: two members that differ by one are even.
        Balancing.Run(board, start: 500, stop: 500);
        return board.Moves();
    }
}
