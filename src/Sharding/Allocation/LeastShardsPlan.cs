using AkkaScale.Cluster.Orders;

namespace AkkaScale.Sharding.Allocation;

/// <summary>
/// What should move: ordered shards to their nodes, and then the rest so that every member has the same number of shards, give or take
/// one, with as few moves as that allows. Pure, and every coordinator decides alike: ties fall by node name, address and shard number.
/// </summary>
internal sealed class LeastShardsPlan
{
    private readonly AllocationInputs _inputs;
    private readonly Seat[] _seats;
    private readonly Dictionary<string, Seat> _byAddress;
    private readonly List<AllocationMove> _ordered = [];
    private readonly List<AllocationMove> _balancing = [];

    private LeastShardsPlan(AllocationInputs inputs)
    {
        _inputs = inputs;
        _seats =
        [
            .. inputs.Members
                .OrderBy(member => member.NodeName, StringComparer.Ordinal)
                .ThenBy(member => member.Address, StringComparer.Ordinal)
                .Select((member, index) => new Seat(member, index)),
        ];
        _byAddress = _seats.ToDictionary(seat => seat.Address, StringComparer.Ordinal);
    }

    /// <summary>Of the moves that are wanted what fits into the bounds: ordered ones first, then by shard. At most one of a shard.</summary>
    public static IReadOnlyList<AllocationMove> Of(AllocationInputs inputs)
    {
        var plan = new LeastShardsPlan(inputs);
        plan.TakeStock();
        if (inputs.Rebalances)
        {
            plan.Even();
        }

        var budget = new MoveBudget(inputs);
        return [.. plan._ordered.Concat(plan._balancing.OrderBy(move => move.Shard)).Where(budget.Take)];
    }

    /// <summary>
    /// A shard on its way is counted where it goes to, and one on a member that may not be given shards not at all: Akka hands it over, or
    /// it waits until the member can be reached.
    /// </summary>
    private void TakeStock()
    {
        foreach (var placement in _inputs.Placements.OrderBy(placement => placement.Shard))
        {
            var shard = placement.Shard;
            if (placement.Target is { } target)
            {
                _byAddress.GetValueOrDefault(target)?.Add(shard, mayLeave: false);
            }
            else if (_byAddress.GetValueOrDefault(placement.Home) is { } home)
            {
                if (_inputs.Moves.TryGetValue(shard, out var order) && SeatFor(order, home) is { } wanted)
                {
                    wanted.Add(shard, mayLeave: false);
                    if (wanted != home)
                    {
                        _ordered.Add(new AllocationMove(shard, home.Address, wanted.Address, ReasonOf(order)));
                    }
                }
                else
                {
                    home.Add(shard, mayLeave: !_inputs.Resting.Contains(shard));
                }
            }
        }
    }

    /// <summary>Of several nodes of that name the one that has it; else the first.</summary>
    private Seat? SeatFor(ShardOrder order, Seat home) =>
        home.Name == order.NodeName ? home : _seats.FirstOrDefault(seat => seat.Name == order.NodeName);

    /// <remarks>
    /// Each move goes from the fullest to the emptiest member, which has less even afterwards: none moves twice, and there are as few moves
    /// as can be.
    /// </remarks>
    private void Even()
    {
        while (_seats.Where(seat => seat.CanGive).MaxBy(seat => (seat.Count, seat.Index)) is { } from
            && _seats.MinBy(seat => (seat.Count, seat.Index)) is { } to && from.Count - to.Count > 1)
        {
            var reason = FormattableString.Invariant($"{from.Name} has {from.Count}, {to.Name} {to.Count}");
            var shard = from.Give();
            to.Add(shard, mayLeave: false);
            _balancing.Add(new AllocationMove(shard, from.Address, to.Address, reason));
        }
    }

    private static string ReasonOf(ShardOrder order) =>
        $"ordered by {(order.By.Length == 0 ? "an operator" : order.By)}{(order.Reason.Length == 0 ? "" : ": ")}{order.Reason}";
}
