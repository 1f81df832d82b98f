using AkkaScale.Hosting.EngineFacts;
using AkkaScale.Hosting.Facts;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Hosting.Management;

/// <summary>
/// Takes operators' orders: checks them against what the store shows and writes a row. The coordinator follows at its next reading; nothing is
/// moved here.
/// </summary>
internal sealed partial class NodeOrders(ClusterInspection inspection, TimeProvider time, ILogger<NodeOrders> logger)
{
    /// <summary>Every order and pin in force.</summary>
    public async Task<OrdersAnswer> ReadAsync(CancellationToken cancellationToken)
    {
        var reading = await ReadClusterAsync(cancellationToken);
        return new OrdersAnswer([.. reading.Orders.Select(order => Show(reading, order.NodeName))], [.. reading.Pins.Select(Show)], [.. reading.Moves.Select(move => Show(reading, move))]);
    }

    /// <param name="kind">Null takes the node's order back.</param>
    /// <exception cref="OrderRefusedException">No such node, or nobody could take its shards.</exception>
    /// <exception cref="StoreUnavailableException">Whether the order was written is not known.</exception>
    public async Task<NodeOrderAnswer> OrderAsync(string node, NodeOrderKind? kind, OrderRequest request, CancellationToken cancellationToken)
    {
        var reading = await ReadClusterAsync(cancellationToken);
        OrderChecks.CheckNode(reading, node);
        if (kind == NodeOrderKind.Drain)
        {
            CheckOthers(reading, node);
        }

        var store = inspection.Session().Store.Cluster;
        if (kind is { } wanted)
        {
            var order = new NodeOrder(node, wanted, OrderChecks.Check(request.Reason), OrderChecks.Check(request.By), time.GetUtcNow());
            OrderChecks.CheckWritten(await store.SetNodeOrderAsync(order, cancellationToken));
            LogOrdered(logger, node, wanted, order.ByWhom, order.Reason);
        }
        else
        {
            // Refused: it had none, which is what was asked for.
            OrderChecks.CheckWritten(await store.ClearNodeOrderAsync(node, cancellationToken));
            LogCleared(logger, node, OrderChecks.Check(request.By), OrderChecks.Check(request.Reason));
        }

        return Show(await ReadClusterAsync(cancellationToken), node);
    }

    /// <exception cref="OrderRefusedException">No such shard or node, or the node is under an order that the pin contradicts.</exception>
    /// <exception cref="StoreUnavailableException">Whether the pin was written is not known.</exception>
    public async Task<PinAnswer> PinAsync(int shard, PinRequest request, CancellationToken cancellationToken)
    {
        var reading = await ReadClusterAsync(cancellationToken);
        OrderChecks.CheckShard(reading, shard);
        var node = request.Node is { Length: > 0 } name
            ? name
            : throw new OrderRefusedException(StatusCodes.Status400BadRequest, "Name the node to pin to: {\"node\":\"node-1\"}.");
        OrderChecks.CheckNode(reading, node);
        OrderChecks.CheckOrder(reading, node, "pin to another");
        var pin = new ShardPin(shard, node, OrderChecks.Check(request.Reason), OrderChecks.Check(request.By), time.GetUtcNow());
        OrderChecks.CheckWritten(await inspection.Session().Store.Cluster.PinAsync(pin, cancellationToken));
        LogPinned(logger, shard, node, pin.ByWhom, pin.Reason);
        return Show(pin);
    }

    /// <exception cref="OrderRefusedException">No such shard.</exception>
    /// <exception cref="StoreUnavailableException">Whether the pin was taken out is not known.</exception>
    public async Task<PinAnswer> UnpinAsync(int shard, CancellationToken cancellationToken)
    {
        OrderChecks.CheckShard(await ReadClusterAsync(cancellationToken), shard);
        OrderChecks.CheckWritten(await inspection.Session().Store.Cluster.UnpinAsync(shard, cancellationToken));
        LogUnpinned(logger, shard);
        return new PinAnswer(shard, null, null, null, null);
    }

    public static PinAnswer Show(ShardPin pin) => new(pin.Shard, pin.NodeName, pin.Reason, pin.ByWhom, pin.At);

    private static StandingMoveAnswer Show(ClusterReading reading, ShardMove move) => new(
        move.Shard, move.NodeName, move.ExpectedEpoch, move.Reason, move.ByWhom, move.At,
        OrderChecks.NameOf(reading, reading.Owners[move.Shard].Owner) == move.NodeName ? "there" : "ordered");

    private static NodeOrderAnswer Show(ClusterReading reading, string node)
    {
        var order = reading.Orders.FirstOrDefault(order => order.NodeName == node);
        var members = reading.Members.Where(member => member.NodeName == node && !member.IsGone).Select(member => member.Incarnation).ToHashSet();
        var owned = reading.Owners.Where(row => row.Owner is { } owner && members.Contains(owner)).Select(row => row.Shard).ToHashSet();
        var waiting = order is null
            ? []
            : reading.Pins.Where(pin => pin.NodeName == node && (order.Kind == NodeOrderKind.Drain || !owned.Contains(pin.Shard)));
        return new NodeOrderAnswer(
            node, OrderChecks.Text(order?.Kind), order?.Reason, order?.ByWhom, order?.At, owned.Count,
            [.. waiting.Select(pin => pin.Shard)]);
    }

    private static void CheckOthers(ClusterReading reading, string node)
    {
        var closed = reading.Orders.Select(order => order.NodeName).ToHashSet(StringComparer.Ordinal);
        if (!reading.Members.Any(member => member.Status == MemberStatus.Up && member.HasRole(MemberSnapshot.EntityRole)
            && member.NodeName != node && !closed.Contains(member.NodeName)))
        {
            throw new OrderRefusedException(
                StatusCodes.Status409Conflict, $"No other node could take the shards of {node}: start or uncordon one first.");
        }
    }

    private Task<ClusterReading> ReadClusterAsync(CancellationToken cancellationToken) =>
        inspection.Session().Store.Cluster.ReadAsync(cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Ordered: {Kind} {Node}, by {By}: {Reason}")]
    private static partial void LogOrdered(ILogger logger, string node, NodeOrderKind kind, string by, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Ordered: uncordon {Node}, by {By}: {Reason}")]
    private static partial void LogCleared(ILogger logger, string node, string by, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Ordered: pin shard {Shard} to {Node}, by {By}: {Reason}")]
    private static partial void LogPinned(ILogger logger, int shard, string node, string by, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Ordered: unpin shard {Shard}")]
    private static partial void LogUnpinned(ILogger logger, int shard);
}
