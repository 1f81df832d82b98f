using AkkaScale.Cluster.Orders;
using AkkaScale.Sharding.Loads;

namespace AkkaScale.Sharding.Allocation;

/// <summary>
/// What should move: ordered shards to their nodes, then those of nodes that are being drained, then so many that every open member has the same
/// number of shards, give or take one, with as few moves as that allows, and at last what <see cref="LoadExchange"/> asks for. Pure, and every
/// coordinator decides alike: ties fall by node name, address and shard number.
/// </summary>
internal sealed class LeastShardsPlan
{
    private readonly AllocationInputs _inputs;
    private readonly Seat[] _seats;
    private readonly Dictionary<string, Seat> _byAddress;
    private readonly Dictionary<string, Seat> _firstByName = new(StringComparer.Ordinal);
    private readonly List<AllocationMove> _ordered = [];
    private readonly PlannedMoves _moves = new();

    private LeastShardsPlan(AllocationInputs inputs)
    {
        _inputs = inputs;
        _seats =
        [
            .. inputs.Members
                .OrderBy(member => member.NodeName, StringComparer.Ordinal)
                .ThenBy(member => member.Address, StringComparer.Ordinal)
                .Select((member, index) => new Seat(member, index, inputs.Closed.GetValueOrDefault(member.NodeName))),
        ];
        _byAddress = _seats.ToDictionary(seat => seat.Address, StringComparer.Ordinal);
        foreach (var seat in _seats)
        {
            _firstByName.TryAdd(seat.Name, seat);
        }
    }

    /// <summary>Of the moves that are wanted what fits into the bounds: ordered ones first, then by shard. At most one of a shard.</summary>
    public static IReadOnlyList<AllocationMove> Of(AllocationInputs inputs)
    {
        var plan = new LeastShardsPlan(inputs);
        plan.TakeStock();
        var open = new SeatOrder(plan._seats);
        plan.Drain(open);
        if (inputs.Rebalances)
        {
            plan.Even(open);
            LoadExchange.Run(plan._seats, plan._moves);
        }

        var budget = new MoveBudget(inputs);
        return [.. plan._ordered.Concat(plan._moves.InOrder).Where(budget.Take)];
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
                _byAddress.GetValueOrDefault(target)?.Add(Of(shard, mayLeave: false));
            }
            else if (_byAddress.GetValueOrDefault(placement.Home) is { } home)
            {
                if (_inputs.Orders.TryGetValue(shard, out var order) && SeatFor(order, home) is { } wanted)
                {
                    wanted.Add(Of(shard, mayLeave: false));
                    if (wanted != home)
                    {
                        _ordered.Add(new AllocationMove(shard, home.Address, wanted.Address, OrderWords.Of(order)));
                    }
                }
                else
                {
                    home.Add(Of(shard, mayLeave: home.IsDraining || !_inputs.Resting.Contains(shard)));
                }
            }
        }
    }

    private SeatShard Of(int shard, bool mayLeave) => _inputs.WeightOf(shard) is { } weight
        ? new SeatShard(shard, weight, IsKnown: true, mayLeave)
        : new SeatShard(shard, ShardWeight.OfNothing, IsKnown: false, mayLeave);

    /// <summary>Of several nodes of that name the one that has it; else the first. One that takes no shards may keep what it has until it is drained.</summary>
    private Seat? SeatFor(ShardOrder order, Seat home) =>
        home.Name == order.NodeName
            ? home.IsDraining ? null : home
            : _firstByName.GetValueOrDefault(order.NodeName) is { IsOpen: true } wanted ? wanted : null;

    private void Drain(SeatOrder open)
    {
        foreach (var from in _seats.Where(seat => seat.IsDraining))
        {
            var reason = OrderWords.Of(from.Order!);
            while (from.CanGive && open.Emptiest is { } to)
            {
                Move(MoveStage.Drain, from.Give(from.Nearest(long.MaxValue)), from, to, open, reason);
            }
        }
    }

    /// <remarks>
    /// Each move goes from the fullest to the emptiest member, which has less even afterwards: none moves twice, and there are as few moves
    /// as can be. Which shard it is serves the load: the one that makes the two weigh most alike.
    /// </remarks>
    private void Even(SeatOrder open)
    {
        while (open.FullestGiver is { } from && open.Emptiest is { } to && from.Count - to.Count > 1)
        {
            var reason = FormattableString.Invariant($"{from.Name} has {from.Count}, {to.Name} {to.Count}");
            var half = Math.Max(0, from.Weight - to.Weight) / 2;
            Move(MoveStage.Even, open.Change(from, seat => seat.Give(seat.Nearest(half))), from, to, open, reason);
        }
    }

    private void Move(MoveStage stage, SeatShard shard, Seat from, Seat to, SeatOrder open, string reason)
    {
        open.Change(to, seat =>
        {
            seat.Add(shard with { MayLeave = !_inputs.Resting.Contains(shard.Shard) });
            return true;
        });
        _moves.Add(stage, shard.Shard, from, to, reason);
    }
}
