using System.Collections.Immutable;
using System.Globalization;
using AkkaScale.Cluster.Plugin;
using AkkaScale.Sharding.Options;

namespace AkkaScale.Sharding.Allocation;

/// <summary>
/// A coordinator's round over its region. In this order: a shard goes where its lease is held, then where an operator wants it, then to
/// where it makes the members even.
/// </summary>
/// <remarks>
/// A shard with an entity that does not let go of a message is handed over by nothing: Akka would take it from its other entities and wait.
/// Orders, to drain a node as well, are carried out while members come and go, the balance only when it has been quiet. While a member cannot be reached neither
/// moves anything: Akka has every region confirm a hand-over before it begins, so the shard would stand until that times out. In manual mode
/// nothing moves for the balance at all.
/// </remarks>
internal static class SteeringMachine
{
    private const int TouchedAtATime = 64;

    /// <summary>A touch that was lost is repeated; one that waits somewhere is not added to.</summary>
    private static readonly TimeSpan TouchAgainAfter = TimeSpan.FromSeconds(5);

    public static SteeringOutcome Step(SteeringState state, SteeringRound round, AllocationOptions options, int shardCount)
    {
        Inherit(state, round);
        Forget(state, round);
        var ended = OrderReview.Run(state, round, options, shardCount);
        var moves = Astray(state, round);
        if (!round.IsCut)
        {
            // Leases that are held elsewhere than where the homes are say that this coordinator's picture is not right: no balance by it.
            var rebalances = options.Mode == AllocationMode.Automatic && moves.Count == 0 && round.QuietFor >= options.QuietFor;
            moves.AddRange(LeastShardsPlan.Of(Inputs(state, round, moves) with
            {
                MaxMovingShards = options.MaxMovingShards,
                MaxMovingShardsPerNode = options.MaxMovingShardsPerNode,
                Rebalances = rebalances,
            }));
        }

        foreach (var move in moves)
        {
            state.Sent[move.Shard] = new SentShard(move.From, move.To, round.Now);
        }

        return new SteeringOutcome(moves, ended, Touch(state, round, options, shardCount));
    }

    /// <summary>A shard that is not where it was ordered to does not rest.</summary>
    private static void Inherit(SteeringState state, SteeringRound round)
    {
        foreach (var rest in round.Inherited)
        {
            state.Inherited[rest.Shard] = rest;
        }

        foreach (var (shard, rest) in state.Inherited.Where(each => round.Homes.ContainsKey(each.Key)).ToList())
        {
            state.Inherited.Remove(shard);
            var home = round.Homes[shard];
            if (round.Regions.Any(region => region.Address == home && region.NodeName == rest.NodeName))
            {
                state.Rests.TryAdd(shard, new RestingShard(home, default, rest.Until));
            }
        }
    }

    private static void Forget(SteeringState state, SteeringRound round)
    {
        foreach (var (shard, sent) in state.Sent.ToList())
        {
            if (round.Now - sent.At >= HolderFirstAllocation.RememberMovesFor
                || (round.Homes.TryGetValue(shard, out var home) && home != sent.From))
            {
                state.Sent.Remove(shard);
            }
        }

        foreach (var (shard, given) in state.Given.ToList())
        {
            if (round.Now - given.At >= HomeChoice.RememberGivenFor || round.Homes.ContainsKey(shard))
            {
                state.Given.Remove(shard);
            }
        }

        foreach (var (shard, rest) in state.Rests.ToList())
        {
            if (round.Now >= rest.Until || (round.Homes.TryGetValue(shard, out var home) && home != rest.Address))
            {
                state.Rests.Remove(shard);
            }
        }
    }

    private static List<AllocationMove> Astray(SteeringState state, SteeringRound round)
    {
        if (round.Holders is not { } holders)
        {
            state.Astray.Clear();
            return [];
        }

        var settled = round.Homes.Where(each => !round.InProgress.Contains(each.Key));
        return
        [
            .. state.Astray.Find(
                    round.Now,
                    settled.ToDictionary(each => Text(each.Key), each => each.Value),
                    holders.ToDictionary(each => Text(each.Key), each => each.Value),
                    round.Regions.Select(region => region.Address).ToHashSet(StringComparer.Ordinal))
                .Select(shard => int.Parse(shard, CultureInfo.InvariantCulture))
                .Where(shard => !round.Stuck.ContainsKey(shard))
                .Order()
                .Select(shard => new AllocationMove(shard, round.Homes[shard], holders[shard], "its lease is held there")),
        ];
    }

    /// <remarks>
    /// Shards count where they are on their way to, also in the moment in which they are at home nowhere. What Akka hands over for a reason
    /// of its own goes nobody knows where yet, and counts nowhere.
    /// </remarks>
    private static AllocationInputs Inputs(SteeringState state, SteeringRound round, List<AllocationMove> astray)
    {
        var placements = round.Homes.Where(each => !round.InProgress.Contains(each.Key))
            .ToDictionary(each => each.Key, each => new ShardPlacement(each.Key, each.Value));
        foreach (var shard in round.Stuck.Keys.Where(placements.ContainsKey))
        {
            placements[shard] = placements[shard] with { Target = placements[shard].Home };
        }

        foreach (var (shard, given) in state.Given)
        {
            placements[shard] = new ShardPlacement(shard, given.Address, given.Address);
        }

        foreach (var (shard, sent) in state.Sent)
        {
            placements[shard] = new ShardPlacement(shard, sent.From, sent.To);
        }

        foreach (var move in astray)
        {
            placements[move.Shard] = new ShardPlacement(move.Shard, move.From, move.To);
        }

        return new AllocationInputs([.. round.Open], [.. placements.Values])
        {
            Orders = state.Orders.ToImmutableSortedDictionary(),
            Closed = state.Nodes.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Resting = [.. state.Rests.Keys],
            Weights = round.Weights,
        };
    }

    /// <summary>
    /// Shards that should run and do not: ordered ones without a home at once; when it is quiet all without a home, and those whose lease
    /// nobody holds, since a shard that lost its lease stops where it is.
    /// </summary>
    private static List<int> Touch(SteeringState state, SteeringRound round, AllocationOptions options, int shardCount)
    {
        var isQuiet = round.QuietFor >= options.QuietFor;
        var touched = Enumerable.Range(0, shardCount)
            .Where(shard => !round.InProgress.Contains(shard) && !state.Given.ContainsKey(shard) && !state.Sent.ContainsKey(shard))
            .Where(shard => round.Homes.ContainsKey(shard)
                ? isQuiet && round.Holders?.ContainsKey(shard) == false
                : isQuiet || state.Orders.ContainsKey(shard))
            .Where(shard => !state.Touched.TryGetValue(shard, out var at) || round.Now - at >= TouchAgainAfter)
            .Take(TouchedAtATime).ToList();
        foreach (var shard in touched)
        {
            state.Touched[shard] = round.Now;
        }

        return touched;
    }

    private static string Text(int shard) => shard.ToString(CultureInfo.InvariantCulture);
}
