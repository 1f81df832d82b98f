using AkkaScale.Cluster;
using AkkaScale.Cluster.Membership;
using AkkaScale.Cluster.Ownership;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Hosting.Management;

/// <summary>
/// Takes operators' orders: checks them against what the store shows and writes a row. The coordinator follows at its next reading; nothing is
/// moved here.
/// </summary>
internal sealed partial class NodeOrders(ClusterInspection inspection, TimeProvider time, ILogger<NodeOrders> logger)
{
    private const int LongestText = 500;

    public static string? Text(NodeOrderKind? kind) => kind switch
    {
        NodeOrderKind.Cordon => "cordon",
        NodeOrderKind.Drain => "drain",
        _ => null,
    };

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
        CheckNode(reading, node);
        if (kind == NodeOrderKind.Drain)
        {
            CheckOthers(reading, node);
        }

        var store = inspection.Session().Store.Cluster;
        if (kind is { } wanted)
        {
            var order = new NodeOrder(node, wanted, Check(request.Reason), Check(request.By), time.GetUtcNow());
            CheckWritten(await store.SetNodeOrderAsync(order, cancellationToken));
            LogOrdered(logger, node, wanted, order.ByWhom, order.Reason);
        }
        else
        {
            // Refused: it had none, which is what was asked for.
            CheckWritten(await store.ClearNodeOrderAsync(node, cancellationToken));
            LogCleared(logger, node, Check(request.By), Check(request.Reason));
        }

        return Show(await ReadClusterAsync(cancellationToken), node);
    }

    /// <exception cref="OrderRefusedException">No such shard or node, or the node is under an order that the pin contradicts.</exception>
    /// <exception cref="StoreUnavailableException">Whether the pin was written is not known.</exception>
    public async Task<PinAnswer> PinAsync(int shard, PinRequest request, CancellationToken cancellationToken)
    {
        var reading = await ReadClusterAsync(cancellationToken);
        CheckShard(reading, shard);
        var node = request.Node is { Length: > 0 } name
            ? name
            : throw new OrderRefusedException(StatusCodes.Status400BadRequest, "Name the node to pin to: {\"node\":\"node-1\"}.");
        CheckNode(reading, node);
        CheckOrder(reading, node, "pin to another");
        var pin = new ShardPin(shard, node, Check(request.Reason), Check(request.By), time.GetUtcNow());
        CheckWritten(await inspection.Session().Store.Cluster.PinAsync(pin, cancellationToken));
        LogPinned(logger, shard, node, pin.ByWhom, pin.Reason);
        return Show(pin);
    }

    /// <exception cref="OrderRefusedException">No such shard.</exception>
    /// <exception cref="StoreUnavailableException">Whether the pin was taken out is not known.</exception>
    public async Task<PinAnswer> UnpinAsync(int shard, CancellationToken cancellationToken)
    {
        CheckShard(await ReadClusterAsync(cancellationToken), shard);
        CheckWritten(await inspection.Session().Store.Cluster.UnpinAsync(shard, cancellationToken));
        LogUnpinned(logger, shard);
        return new PinAnswer(shard, null, null, null, null);
    }

    /// <summary>Orders a shard to a node, once; see <see cref="ShardMove"/>.</summary>
    /// <exception cref="OrderRefusedException">No such shard or node; the node cannot take it; it is pinned elsewhere; it is at another epoch.</exception>
    /// <exception cref="StoreUnavailableException">Whether the order was written is not known.</exception>
    public async Task<MoveAnswer> MoveAsync(int shard, MoveRequest request, CancellationToken cancellationToken)
    {
        var reading = await ReadClusterAsync(cancellationToken);
        CheckShard(reading, shard);
        var node = request.Node is { Length: > 0 } name
            ? name
            : throw new OrderRefusedException(StatusCodes.Status400BadRequest, "Name the node to move to: {\"node\":\"node-1\"}.");
        CheckNode(reading, node);
        var (reason, by) = (Check(request.Reason), Check(request.By));
        var owner = reading.Owners[shard];
        var expected = request.ExpectedEpoch ?? owner.Epoch;
        CheckEpoch(shard, expected, owner.Epoch);
        CheckTakes(reading, node);
        if (reading.Pins.FirstOrDefault(pin => pin.Shard == shard) is { } pinned && pinned.NodeName != node)
        {
            throw new OrderRefusedException(
                StatusCodes.Status409Conflict, $"Shard {shard} is pinned to {pinned.NodeName}: unpin it first.");
        }

        var from = NameOf(reading, owner.Owner);
        if (IsSettledOn(reading, shard, node))
        {
            return new MoveAnswer(shard, from, node, owner.Epoch, "there");
        }

        var move = new ShardMove(shard, node, expected, reason, by, time.GetUtcNow());
        var outcome = await inspection.Session().Store.Cluster.MoveAsync(move, cancellationToken);
        CheckWritten(outcome);
        if (outcome == WriteOutcome.Refused)
        {
            var now = (await ReadClusterAsync(cancellationToken)).Owners[shard].Epoch;
            CheckEpoch(shard, expected, now);
            throw new StoreUnavailableException($"The order was refused although shard {shard} is at epoch {now}: give it again.");
        }

        LogMoved(logger, shard, node, expected, by, reason);
        return new MoveAnswer(shard, from, node, expected, "ordered");
    }

    public static PinAnswer Show(ShardPin pin) => new(pin.Shard, pin.NodeName, pin.Reason, pin.ByWhom, pin.At);

    public static void CheckShard(ClusterReading reading, int shard)
    {
        if (shard < 0 || shard >= reading.Identity.ShardCount)
        {
            throw new OrderRefusedException(
                StatusCodes.Status404NotFound, $"Shard {shard} does not exist: there are 0 to {reading.Identity.ShardCount - 1}.");
        }
    }

    private static StandingMoveAnswer Show(ClusterReading reading, ShardMove move) => new(
        move.Shard, move.NodeName, move.ExpectedEpoch, move.Reason, move.ByWhom, move.At,
        NameOf(reading, reading.Owners[move.Shard].Owner) == move.NodeName ? "there" : "ordered");

    /// <summary>Owner and target are of that name, and no order wants it elsewhere.</summary>
    private static bool IsSettledOn(ClusterReading reading, int shard, string node)
    {
        var owner = reading.Owners[shard].Owner;
        return owner is not null && NameOf(reading, owner) == node
            && reading.Members.Any(member => member.Incarnation == owner && member.Status == MemberStatus.Up)
            && (reading.Targets.FirstOrDefault(target => target.Shard == shard)?.Target ?? owner) == owner
            && reading.Moves.All(move => move.Shard != shard || move.NodeName == node);
    }

    private static string? NameOf(ClusterReading reading, Incarnation? incarnation) =>
        incarnation is null ? null : reading.Members.FirstOrDefault(member => member.Incarnation == incarnation)?.NodeName;

    private static void CheckEpoch(int shard, long expected, long present)
    {
        if (expected != present)
        {
            throw new OrderRefusedException(
                StatusCodes.Status409Conflict,
                $"Shard {shard} is at epoch {present}, not {expected}: it has moved or was taken over meanwhile. Look again before moving it.");
        }
    }

    /// <summary>What a move is ordered to must be able to take it now: unlike a pin it does not wait.</summary>
    private static void CheckTakes(ClusterReading reading, string node)
    {
        CheckOrder(reading, node, "move to another");
        if (!reading.Members.Any(member => member.NodeName == node && member.Status == MemberStatus.Up && member.HasRole(MemberSnapshot.EntityRole)))
        {
            var isGateway = reading.Members.Any(member => member.NodeName == node && member.Status == MemberStatus.Up);
            throw new OrderRefusedException(
                StatusCodes.Status409Conflict, isGateway ? $"Node {node} hosts no shards: it is a gateway." : $"Node {node} is not up: wait for it, or move to another.");
        }
    }

    private static void CheckOrder(ClusterReading reading, string node, string otherwise)
    {
        if (reading.Orders.FirstOrDefault(order => order.NodeName == node) is { } standing)
        {
            throw new OrderRefusedException(
                StatusCodes.Status409Conflict,
                $"Node {node} is {(standing.Kind == NodeOrderKind.Drain ? "being drained" : "cordoned")} and gets no shards: uncordon it first, or {otherwise}.");
        }
    }

    private static NodeOrderAnswer Show(ClusterReading reading, string node)
    {
        var order = reading.Orders.FirstOrDefault(order => order.NodeName == node);
        var members = reading.Members.Where(member => member.NodeName == node && !member.IsGone).Select(member => member.Incarnation).ToHashSet();
        var owned = reading.Owners.Where(row => row.Owner is { } owner && members.Contains(owner)).Select(row => row.Shard).ToHashSet();
        var waiting = order is null
            ? []
            : reading.Pins.Where(pin => pin.NodeName == node && (order.Kind == NodeOrderKind.Drain || !owned.Contains(pin.Shard)));
        return new NodeOrderAnswer(
            node, Text(order?.Kind), order?.Reason, order?.ByWhom, order?.At, owned.Count, [.. waiting.Select(pin => pin.Shard)]);
    }

    /// <summary>A name that no member bears or bore lately is most likely mistyped.</summary>
    public static void CheckNode(ClusterReading reading, string node)
    {
        if (reading.Members.All(member => member.NodeName != node))
        {
            var known = reading.Members.Where(member => member.IsLive).Select(member => member.NodeName).Distinct().Order(StringComparer.Ordinal);
            throw new OrderRefusedException(StatusCodes.Status404NotFound, $"There is no node {node}; known are {string.Join(", ", known)}.");
        }
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

    public static string Check(string? text) => (text ?? "") is { Length: <= LongestText } given && !given.Any(char.IsControl)
        ? given
        : throw new OrderRefusedException(
            StatusCodes.Status400BadRequest, $"Reason and name must have at most {LongestText} characters, and no control characters.");

    private static void CheckWritten(WriteOutcome outcome)
    {
        if (outcome == WriteOutcome.Unknown)
        {
            throw new StoreUnavailableException("Whether the order was written is not known: look at /orders, and give it again if need be.");
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Ordered: move shard {Shard} at epoch {Epoch} to {Node}, by {By}: {Reason}")]
    private static partial void LogMoved(ILogger logger, int shard, string node, long epoch, string by, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Ordered: unpin shard {Shard}")]
    private static partial void LogUnpinned(ILogger logger, int shard);
}
