using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding.Allocation;

namespace AkkaScale.Bench.Allocation;

/// <summary>Inputs of the coordinator's allocation, changed step by step as a cluster would change them.</summary>
internal static class SimulatedCluster
{
    /// <summary>Members under one load: every shard some messages a second, skewed as traffic is (Zipf's law with exponent 0.4 over shards in random order).</summary>
    public static AllocationInputs Empty(int nodes, int shards, int seed)
    {
        var random = new Random(seed);
        var ranks = Enumerable.Range(1, shards).ToArray();
        random.Shuffle(ranks);
        return new AllocationInputs(
            [.. Enumerable.Range(1, nodes).Select(Member)],
            [.. Enumerable.Range(0, shards).Select(shard => new ShardPlacement(shard, null, null))],
            int.MaxValue)
        {
            Loads = [.. ranks.Select(rank => new ShardLoad(5 * Math.Pow((double)rank / shards, -0.4), random.Next(200)))],
        };
    }

    /// <summary>Every move is carried out at once.</summary>
    public static AllocationInputs Settle(AllocationInputs inputs, IReadOnlyList<AllocationMove> moves) => Place(inputs, moves, arrive: true);

    public static AllocationInputs Join(AllocationInputs inputs) => inputs with { Members = inputs.Members.Add(Member(inputs.Members.Length + 1)) };

    /// <summary>The last member dies: its shards have no owner and a target that is gone.</summary>
    public static AllocationInputs Crash(AllocationInputs inputs)
    {
        var gone = inputs.Members[^1].Incarnation;
        return inputs with
        {
            Members = inputs.Members[..^1],
            Placements = [.. inputs.Placements.Select(placement => placement.Owner == gone ? placement with { Owner = null } : placement)],
        };
    }

    public static AllocationInputs Drain(AllocationInputs inputs) =>
        inputs with { Members = inputs.Members.SetItem(0, inputs.Members[0] with { IsDraining = true }) };

    /// <summary>One shard gets as much as an average member carries in all.</summary>
    public static AllocationInputs Heat(AllocationInputs inputs)
    {
        var average = inputs.Loads.Sum(load => load.Rate) / inputs.Members.Length;
        return inputs with { Loads = inputs.Loads.SetItem(0, new ShardLoad(average, 1_000)) };
    }

    /// <summary>With the bounds of the defaults: how many rounds it takes, each round's moves having arrived before the next, and how many moves in all.</summary>
    public static (int Rounds, int Moves) CarryOut(IAllocation allocation, AllocationInputs inputs)
    {
        var options = new AllocationOptions();
        inputs = inputs with { MaxMovingShards = options.MaxMovingShards, MaxMovingShardsPerNode = options.MaxMovingShardsPerNode };
        for (var (rounds, sum) = (0, 0); ; rounds++)
        {
            var moves = allocation.Plan(inputs);
            if (moves.Count == 0)
            {
                return (rounds, sum);
            }

            sum += moves.Count;
            inputs = Place(inputs, moves, arrive: true);
        }
    }

    /// <summary>Lightest and heaviest open member against the average, by weight, and their counts of shards.</summary>
    public static string Balance(AllocationInputs inputs)
    {
        var shares = inputs.Members.Where(member => member.IsOpen).ToDictionary(member => member.Incarnation, _ => (Weight: 0.0, Count: 0));
        foreach (var placement in inputs.Placements)
        {
            if (placement.Target is { } target && shares.TryGetValue(target, out var share))
            {
                var load = inputs.Loads[placement.Shard];
                shares[target] = (share.Weight + 1 + load.Rate + (load.Residents / 1_000), share.Count + 1);
            }
        }

        var average = shares.Values.Average(share => share.Weight);
        var (lightest, heaviest) = (shares.Values.Min(share => share.Weight), shares.Values.Max(share => share.Weight));
        var (fewest, most) = (shares.Values.Min(share => share.Count), shares.Values.Max(share => share.Count));
        return FormattableString.Invariant($"weights {lightest / average:0.00} to {heaviest / average:0.00} of the average, {fewest} to {most} shards");
    }

    private static AllocationMember Member(int number) => new(new Incarnation(new Guid(number, 0, 0, new byte[8])), $"node-{number:0000}");

    private static AllocationInputs Place(AllocationInputs inputs, IReadOnlyList<AllocationMove> moves, bool arrive)
    {
        var placements = inputs.Placements.ToArray();
        foreach (var move in moves)
        {
            placements[move.Shard] = new ShardPlacement(move.Shard, arrive ? move.To : placements[move.Shard].Owner, move.To);
        }

        return inputs with { Placements = ImmutableArray.Create(placements) };
    }
}
