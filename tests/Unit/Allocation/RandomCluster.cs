using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding.Allocation;
using CsCheck;

namespace AkkaScale.Tests.Unit.Allocation;

/// <summary>Clusters of every kind: orders, pins, gone owners, shards on their way, loads that are even, skewed, hot or unknown.</summary>
internal static class RandomCluster
{
    /// <summary>One to twelve members, of which a third is under an order or more, and one to 399 shards.</summary>
    public static Gen<AllocationInputs> Any { get; } =
        from members in Gen.Int[0, 5].Array[1, 12]
        from disorder in Gen.Int[0, 3]
        from placements in Gen.Select(Gen.Int[0, 9], Somebody, Gen.Int[0, 9], Somebody).Array[1, 399]
        from pins in Gen.Select(Gen.Int[0, placements.Length - 1], Gen.Int[1, 14]).Array[0, 7]
        from loads in Loads(placements.Length)
        select new AllocationInputs(
            [.. members.Select((order, index) => Member(index + 1, order))],
            [.. placements.Select((place, shard) => Place(shard, members.Length, disorder, place))],
            int.MaxValue)
        {
            Pins = pins.DistinctBy(pin => pin.Item1).ToImmutableSortedDictionary(pin => pin.Item1, pin => $"node-{pin.Item2}"),
            Loads = loads,
        };

    /// <summary>A living member, one that is gone, or nobody.</summary>
    private static Gen<Incarnation?> Somebody =>
        Gen.Frequency((1, Gen.Const(default(Incarnation?))), (4, Gen.Int[1, 14].Select(number => (Incarnation?)MemberNr(number))));

    public static Incarnation MemberNr(int number) => new(new Guid(number, 0, 0, new byte[8]));

    /// <summary>The cluster once the moves are targets; owners are as they were.</summary>
    public static AllocationInputs Apply(AllocationInputs inputs, IEnumerable<AllocationMove> moves)
    {
        var placements = inputs.Placements.ToArray();
        foreach (var move in moves)
        {
            placements[move.Shard] = placements[move.Shard] with { Target = move.To };
        }

        return inputs with { Placements = [.. placements] };
    }

    /// <summary>The cluster once every shard is where it should be.</summary>
    public static AllocationInputs Arrive(AllocationInputs inputs) =>
        inputs with { Placements = [.. inputs.Placements.Select(placement => placement with { Owner = placement.Target })] };

    public static IEnumerable<AllocationMember> Open(AllocationInputs inputs) => inputs.Members.Where(member => member.IsOpen);

    public static AllocationMember? TargetOf(AllocationInputs inputs, ShardPlacement placement) =>
        inputs.Members.FirstOrDefault(member => member.Incarnation == placement.Target);

    /// <summary>Whether the shard is bound to an open member, and may not be moved for balance.</summary>
    public static bool IsPinned(AllocationInputs inputs, int shard) =>
        inputs.Pins.TryGetValue(shard, out var name) && Open(inputs).Any(member => member.NodeName == name);

    /// <summary>For the report of a failure.</summary>
    public static string Print(AllocationInputs inputs) => $"""
        {string.Join(", ", inputs.Members)}
        pins {string.Join(", ", inputs.Pins)}
        {string.Join('\n', inputs.Placements)}
        loads {string.Join(", ", inputs.Loads)}
        """;

    private static AllocationMember Member(int number, int order) =>
        new(MemberNr(number), $"node-{number}", IsCordoned: order == 0, IsDraining: order == 1);

    private static ShardPlacement Place(
        int shard, int members, int disorder, (int Owner, Incarnation? Stray, int Target, Incarnation? Elsewhere) place)
    {
        var owner = place.Owner < disorder ? place.Stray : MemberNr(1 + (shard % members));
        return new ShardPlacement(shard, owner, place.Target < disorder ? place.Elsewhere : owner);
    }

    private static Gen<ImmutableArray<ShardLoad>> Loads(int shards)
    {
        var fraction = Gen.Double[0, 1];
        return Gen.OneOf(
            Gen.Const(ImmutableArray<ShardLoad>.Empty),
            Gen.Const(Each(_ => new ShardLoad(3, 10))),
            Gen.Select(Gen.Double[0, 20], Gen.Int[0, 4_999]).Array[shards]
                .Select(all => Each(shard => new ShardLoad(all[shard].Item1, all[shard].Item2))),
            Gen.Int[0, 99].Array[shards].Select(all => Each(shard => new ShardLoad(100 / Math.Pow(shard + 1, 0.9), all[shard]))),
            fraction.Array[shards].Select(all => Each(shard => new ShardLoad(shard == 0 ? 900 : all[shard], 0))));

        ImmutableArray<ShardLoad> Each(Func<int, ShardLoad> load) => [.. Enumerable.Range(0, shards).Select(load)];
    }
}
