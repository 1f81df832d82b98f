using AkkaScale.Hosting.Facts;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using static AkkaScale.Hosting.EngineFacts.OrderChecks;

namespace AkkaScale.Hosting.EngineFacts;

/// <summary>
/// Takes the order to move a shard: checks it against what the store shows and writes a row. The coordinator follows at its next reading;
/// nothing is moved here.
/// </summary>
internal sealed partial class ShardMoves(ClusterInspection inspection, TimeProvider time, ILogger<ShardMoves> logger)
{
    /// <summary>Orders a shard to a node, once; see <see cref="ShardMove"/>.</summary>
    /// <exception cref="OrderRefusedException">
    /// No such shard or node; the node cannot take it; it is pinned elsewhere; it is at another epoch.
    /// </exception>
    /// <exception cref="StoreUnavailableException">Whether the order was written is not known.</exception>
    public async Task<MoveOutcome> MoveAsync(MoveOrder order, CancellationToken cancellationToken)
    {
        CheckRegion(order.Shard.Region);
        var reading = await ReadClusterAsync(cancellationToken);
        var shard = order.Shard.Number;
        CheckShard(reading, shard);
        var node = order.Node is { Length: > 0 } name
            ? name
            : throw new OrderRefusedException(StatusCodes.Status400BadRequest, "Name the node to move to: {\"node\":\"node-1\"}.");
        CheckNode(reading, node);
        var (reason, by) = (Check(order.Reason), Check(order.By));
        var owner = reading.Owners[shard];
        var expected = order.ExpectedEpoch ?? owner.Epoch;
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
            return new MoveOutcome(order.Shard, from, node, owner.Epoch, IsThere: true);
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
        return new MoveOutcome(order.Shard, from, node, expected, IsThere: false);
    }

    /// <summary>Owner and target are of that name, and no order wants it elsewhere.</summary>
    private static bool IsSettledOn(ClusterReading reading, int shard, string node)
    {
        var owner = reading.Owners[shard].Owner;
        return owner is not null && NameOf(reading, owner) == node
            && reading.Members.Any(member => member.Incarnation == owner && member.Status == MemberStatus.Up)
            && (reading.Targets.FirstOrDefault(target => target.Shard == shard)?.Target ?? owner) == owner
            && reading.Moves.All(move => move.Shard != shard || move.NodeName == node);
    }

    private static void CheckEpoch(int shard, long expected, long present)
    {
        if (expected != present)
        {
            throw new OrderRefusedException(
                StatusCodes.Status409Conflict,
                $"Shard {shard} is at epoch {present}, not {expected}: it has moved or was taken over meanwhile. "
                + "Look again before moving it.");
        }
    }

    /// <summary>What a move is ordered to must be able to take it now: unlike a pin it does not wait.</summary>
    private static void CheckTakes(ClusterReading reading, string node)
    {
        CheckOrder(reading, node, "move to another");
        var running = reading.Members.Where(member => member.NodeName == node && member.Status == MemberStatus.Up).ToArray();
        if (!running.Any(member => member.HasRole(MemberSnapshot.EntityRole)))
        {
            throw new OrderRefusedException(
                StatusCodes.Status409Conflict,
                running.Length > 0
                    ? $"Node {node} hosts no shards: it is a gateway."
                    : $"Node {node} is not up: wait for it, or move to another.");
        }
    }

    private Task<ClusterReading> ReadClusterAsync(CancellationToken cancellationToken) =>
        inspection.Session().Store.Cluster.ReadAsync(cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Ordered: move shard {Shard} at epoch {Epoch} to {Node}, by {By}: {Reason}")]
    private static partial void LogMoved(ILogger logger, int shard, string node, long epoch, string by, string reason);
}
