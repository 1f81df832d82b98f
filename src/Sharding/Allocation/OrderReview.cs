using System.Globalization;
using AkkaScale.Cluster.Orders;
using AkkaScale.Sharding.Options;

namespace AkkaScale.Sharding.Allocation;

/// <summary>Tells the orders that are to be carried out from those that are done or given up.</summary>
internal static class OrderReview
{
    /// <summary>The word for an order that was carried out.</summary>
    public const string IsThere = "it is there";

    /// <summary>Takes over into the state what is to be carried out. Without an answer of the database it stays as it was.</summary>
    /// <returns>Orders that are over, each with a word for people.</returns>
    public static IReadOnlyList<(ShardOrder Order, string Word)> Run(
        SteeringState state, SteeringRound round, AllocationOptions options, int shardCount)
    {
        if (round.Orders is not { Shards: var orders } read)
        {
            return [];
        }

        Take(state, read.Nodes);
        state.Orders.Clear();
        foreach (var gone in state.WaitsSince.Keys.Except(orders).ToList())
        {
            state.WaitsSince.Remove(gone);
        }

        var ended = new List<(ShardOrder Order, string Word)>();
        foreach (var order in orders)
        {
            if (order.Shard >= shardCount)
            {
                ended.Add((order, $"the region's shards are 0 to {(shardCount - 1).ToString(CultureInfo.InvariantCulture)}"));
            }
            else if (order.Kind == ShardOrderKind.Pin)
            {
                state.Orders[order.Shard] = order;
            }
            else if (HomeOf(order, round) is { } home)
            {
                LetRest(state, order, home, round.Now + options.MoveRest);
                ended.Add((order, IsThere));
            }
            else if (Obstacle(state, order, round) is { } obstacle && WaitsTooLong(state, order, round, options))
            {
                ended.Add((order, $"it is given up: {obstacle}"));
            }
            else
            {
                state.Orders[order.Shard] = order;
            }
        }

        return ended;
    }

    /// <summary>
    /// Between rounds, when a shard needs a home: a node that was closed meanwhile is not to get it. Of orders about shards only a coordinator
    /// that has read none takes note: what is over is for a round to see.
    /// </summary>
    public static void Glance(SteeringState state, StandingOrders orders, int shardCount)
    {
        var isFirst = !state.KnowsOrders;
        Take(state, orders.Nodes);
        if (!isFirst)
        {
            return;
        }

        foreach (var order in orders.Shards.Where(order => order.Shard < shardCount))
        {
            state.Orders[order.Shard] = order;
        }
    }

    private static void Take(SteeringState state, IReadOnlyList<NodeOrder> nodes)
    {
        state.KnowsOrders = true;
        state.Nodes.Clear();
        foreach (var order in nodes)
        {
            state.Nodes[order.NodeName] = order;
        }
    }

    /// <summary>
    /// Address where an ordered shard is, and runs: null while it is not at its node, or its lease is not. Where the database has not told
    /// the leases nothing is known of it.
    /// </summary>
    private static string? HomeOf(ShardOrder order, SteeringRound round) =>
        round.Homes.TryGetValue(order.Shard, out var home) && !round.InProgress.Contains(order.Shard)
        && round.Holders?.GetValueOrDefault(order.Shard) == home
        && round.Regions.Any(region => region.Address == home && region.NodeName == order.NodeName)
            ? home
            : null;

    /// <summary>An order whose row could not be removed comes again: its shard rests no longer for that.</summary>
    private static void LetRest(SteeringState state, ShardOrder order, string home, TimeSpan until)
    {
        if (!state.Rests.TryGetValue(order.Shard, out var rest) || rest.OrderedAt != order.At)
        {
            state.Rests[order.Shard] = new RestingShard(home, order.At, until);
        }
    }

    /// <summary>What the order waits for, for people; null: nothing.</summary>
    private static string? Obstacle(SteeringState state, ShardOrder order, SteeringRound round)
    {
        if (round.Open.All(member => member.NodeName != order.NodeName) || state.Nodes.ContainsKey(order.NodeName))
        {
            return "no node of that name is up and takes shards";
        }

        if (round.Stuck.GetValueOrDefault(order.Shard) is { } stuck)
        {
            return stuck.Word;
        }

        state.WaitsSince.Remove(order);
        return null;
    }

    private static bool WaitsTooLong(SteeringState state, ShardOrder order, SteeringRound round, AllocationOptions options)
    {
        if (!state.WaitsSince.TryGetValue(order, out var since))
        {
            state.WaitsSince[order] = since = round.Now;
        }

        return round.Now - since >= options.OrderPatience;
    }
}
