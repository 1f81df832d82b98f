using System.Collections.Immutable;
using AkkaScale.Cluster.Orders;
using AkkaScale.Sharding.Allocation;
using AkkaScale.Sharding.Loads;
using CsCheck;

namespace AkkaScale.Tests.Unit.SteeredAllocation;

/// <summary>Homes that are even, skewed, or on members that may not be given shards; moves under way, orders, rests.</summary>
internal static class RandomRegion
{
    private const int MostMembers = 9;

    public static Gen<AllocationInputs> Any { get; } =
        from members in Gen.Int[1, MostMembers]
        from disorder in Gen.Int[0, 10]
        from places in Gen.Select(Gen.Int[0, 9], Gen.Int[1, MostMembers + 2], Gen.Int[0, 19], Gen.Int[1, MostMembers + 2]).Array[0, 299]
        from orders in Gen.Select(Gen.Int[0, 310], Gen.Int[1, MostMembers + 2]).Array[0, 7]
        from resting in Gen.Int[0, 299].Array[0, 7]
        select new AllocationInputs(
            [.. Enumerable.Range(1, members).Select(Member)],
            [.. places.Select((place, shard) => Place(shard, members, disorder, place))])
        {
            Orders = orders.DistinctBy(order => order.Item1)
                .ToImmutableSortedDictionary(order => order.Item1, order => new ShardOrder("r", order.Item1, $"n{order.Item2}", "jo", "")),
            Resting = [.. resting],
        };

    /// <summary>With pins among the orders, and nodes that are cordoned or drained.</summary>
    public static Gen<AllocationInputs> AnySteered { get; } =
        from inputs in Any
        from pins in Gen.Bool.Array[8]
        from closed in Gen.Select(Gen.Int[1, MostMembers + 2], Gen.Bool).Array[0, 6]
        select inputs with
        {
            Orders = inputs.Orders.Values
                .Select((order, index) => pins[index % pins.Length] ? order with { Kind = ShardOrderKind.Pin } : order)
                .ToImmutableSortedDictionary(order => order.Shard, order => order),
            Closed = Closed([.. closed.DistinctBy(each => each.Item1)
                .Select(each => (each.Item1, each.Item2 ? NodeOrderKind.Drain : NodeOrderKind.Cordon))]),
        };

    /// <summary>With loads: many small, some large, now and then one that is larger than all others together, or not known.</summary>
    public static Gen<AllocationInputs> AnyLoaded { get; } =
        from inputs in AnySteered
        from loads in Gen.Select(Gen.Int[0, 99], Gen.Int[0, 400]).Array[310]
        from unknown in Gen.Int[-20, 309]
        select inputs with { Weights = [.. loads.Select((load, shard) => shard == unknown ? 0 : WeightOf(load.Item1, load.Item2))] };

    /// <summary>Of each member, in order of address, with the shards that are on their way to it.</summary>
    public static long[] Weights(AllocationInputs inputs) =>
    [
        .. inputs.Members.Select(member => inputs.Placements.Where(placement => (placement.Target ?? placement.Home) == member.Address)
            .Sum(placement => (long)(inputs.WeightOf(placement.Shard) ?? ShardWeight.OfNothing))),
    ];

    public static ImmutableSortedDictionary<string, NodeOrder> Closed(params (int Member, NodeOrderKind Kind)[] nodes) => nodes
        .Select(node => new NodeOrder($"n{node.Member}", node.Kind, "jo", ""))
        .ToImmutableSortedDictionary(order => order.NodeName, order => order, StringComparer.Ordinal);

    public static AllocationMember Member(int number) => new($"akka://{number}", $"n{number}");

    /// <summary>The region once the moves have been made.</summary>
    public static AllocationInputs Apply(AllocationInputs inputs, IEnumerable<AllocationMove> moves)
    {
        var targets = moves.ToDictionary(move => move.Shard, move => move.To);
        return inputs with
        {
            Placements = [.. inputs.Placements.Select(placement =>
                targets.TryGetValue(placement.Shard, out var to) ? new ShardPlacement(placement.Shard, to) : placement)],
        };
    }

    /// <summary>The region once what was under way has arrived.</summary>
    public static AllocationInputs Arrive(AllocationInputs inputs) => inputs with
    {
        Placements = [.. inputs.Placements.Select(placement => new ShardPlacement(placement.Shard, placement.Target ?? placement.Home))],
    };

    /// <summary>Shards of each member, those that are on their way to it included.</summary>
    public static int[] Counts(AllocationInputs inputs, Func<ShardPlacement, bool>? which = null) =>
    [
        .. inputs.Members.Select(member => inputs.Placements.Count(
            placement => (placement.Target ?? placement.Home) == member.Address && which?.Invoke(placement) != false)),
    ];

    /// <summary>For the report of a failure.</summary>
    public static string Print(AllocationInputs inputs) => $"""
        {string.Join(", ", inputs.Members)}
        orders {string.Join(", ", inputs.Orders.Values)}
        closed {string.Join(", ", inputs.Closed.Values)}
        resting {string.Join(", ", inputs.Resting)}
        weights {string.Join(", ", inputs.Weights)}
        {string.Join('\n', inputs.Placements)}
        """;

    private static int WeightOf(int luck, int load) => luck switch
    {
        < 60 => ShardWeight.OfNothing,
        < 97 => ShardWeight.OfNothing + load,
        _ => ShardWeight.OfNothing + (load * 50),
    };

    /// <summary>The more disorder, the more shards are elsewhere than a fair coordinator would have put them.</summary>
    private static ShardPlacement Place(
        int shard, int members, int disorder, (int Luck, int Elsewhere, int Moves, int Target) place)
    {
        var home = place.Luck < disorder ? place.Elsewhere : 1 + (shard % members);
        return new ShardPlacement(
            shard, Member(home).Address, place.Moves == 0 && place.Target != home ? Member(place.Target).Address : null);
    }
}
