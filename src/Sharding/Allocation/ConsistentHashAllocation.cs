namespace AkkaScale.Sharding.Allocation;

/// <summary>
/// A shard's member follows from the names of the members alone, whatever happened before: a node that comes back gets the very shards it had.
/// No member gets more than its share and a twentieth.
/// </summary>
public sealed class ConsistentHashAllocation : IAllocation
{
    private const double Room = 1.05;

    public IReadOnlyList<AllocationMove> Plan(AllocationInputs inputs)
    {
        var board = new AllocationBoard(inputs, weights: null);
        if (board.Seats.Length == 0)
        {
            return [];
        }

        var causes = board.Homeless.ToDictionary(shard => shard.Placement.Shard, shard => shard.Cause);
        var capacity = (int)Math.Ceiling(board.Count * Room / board.Seats.Length);
        var room = Array.ConvertAll(board.Seats, seat => capacity - seat.Pinned);
        var ring = new HashRing(board.Seats);
        foreach (var placement in board.Free)
        {
            if (!inputs.Rebalances && board.SeatOf(placement.Target) is { } present)
            {
                room[present.Index]--;
                continue;
            }

            // Where pins fill more than one member's share the rest may find no room at all.
            var to = ring.Find(placement.Shard, seat => room[seat.Index] > 0) ?? board.Seats.MinBy(seat => seat.Count)!;
            room[to.Index]--;
            if (causes.TryGetValue(placement.Shard, out var cause))
            {
                board.Place(placement, cause, to);
            }
            else if (board.SeatOf(placement.Target) is { } from && from != to)
            {
                board.Move(board.CandidateOf(placement, from), MoveCause.Hash, from, to);
            }
        }

        return board.Moves();
    }
}
