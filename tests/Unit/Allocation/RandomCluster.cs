using System.Collections.Immutable;
using AkkaScale.Cluster.Membership;
using AkkaScale.Sharding.Allocation;

namespace AkkaScale.Tests.Unit.Allocation;

/// <summary>Clusters of every kind from a seed: orders, pins, gone owners, shards on their way, loads that are even, skewed, hot or unknown.</summary>
internal static class RandomCluster
{
    public static AllocationInputs Make(int seed)
    {
        var random = new Random(seed);
        var members = Enumerable.Range(1, random.Next(1, 13))
            .Select(number => random.Next(6) switch
            {
                0 => new AllocationMember(MemberNr(number), $"node-{number}", IsCordoned: true),
                1 => new AllocationMember(MemberNr(number), $"node-{number}", IsDraining: true),
                _ => new AllocationMember(MemberNr(number), $"node-{number}"),
            })
            .ToImmutableArray();
        var shards = random.Next(1, 400);
        var disorder = random.Next(4);
        var placements = Enumerable.Range(0, shards).Select(shard =>
        {
            var owner = random.Next(10) < disorder ? Somebody() : MemberNr(1 + (shard % members.Length));
            return new ShardPlacement(shard, owner, random.Next(10) < disorder ? Somebody() : owner);
        }).ToImmutableArray();
        var pins = Enumerable.Range(0, random.Next(0, 8)).Select(_ => random.Next(shards)).Distinct()
            .ToImmutableSortedDictionary(shard => shard, _ => $"node-{random.Next(1, 15)}");
        return new AllocationInputs(members, placements, int.MaxValue) { Pins = pins, Loads = Loads(random, shards) };

        Incarnation? Somebody() => random.Next(5) == 0 ? null : MemberNr(random.Next(1, 15));
    }

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

    private static ImmutableArray<ShardLoad> Loads(Random random, int shards)
    {
        var kind = random.Next(5);
        return kind == 0 ? [] :
        [
            .. Enumerable.Range(0, shards).Select(shard => kind switch
            {
                1 => new ShardLoad(3, 10),
                2 => new ShardLoad(random.NextDouble() * 20, random.Next(5_000)),
                3 => new ShardLoad(100 / Math.Pow(shard + 1, 0.9), random.Next(100)),
                _ => new ShardLoad(shard == 0 ? 900 : random.NextDouble(), 0),
            }),
        ];
    }
}
