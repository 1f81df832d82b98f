using AkkaScale.Cluster.Orders;
using AkkaScale.Management.Facts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Management.Inspection;

/// <summary>
/// Takes the order to move a shard: checks it against what can be seen and writes a row. The region's coordinator follows; nothing is moved
/// here.
/// </summary>
internal sealed partial class ShardMoves(SystemInspection inspection, ILogger<ShardMoves> logger)
{
    public async Task<MoveOutcome> MoveAsync(MoveOrder order, CancellationToken cancellationToken)
    {
        var sight = await inspection.ReadAsync(cancellationToken);
        var checkedMove = MoveCheck.CheckMove(sight, order);
        var (region, shard) = (order.Shard.Region, order.Shard.Number);
        if (checkedMove.IsThere)
        {
            // Whoever wants it where it is wants nothing of an order to elsewhere that has not begun.
            if (sight.OrderOf(region, shard) is { } standing && standing.NodeName != checkedMove.To)
            {
                await inspection.Membership().RemoveOrderAsync(standing);
            }

            return checkedMove;
        }

        await inspection.Membership().OrderAsync(new ShardOrder(region, shard, checkedMove.To, order.By ?? "", order.Reason ?? ""));
        LogMoved(logger, region, shard, checkedMove.To, checkedMove.Epoch, order.By ?? "", order.Reason ?? "");
        return checkedMove;
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Ordered: move shard {Region}/{Shard} at epoch {Epoch} to {Node}, by {By}: {Reason}")]
    private static partial void LogMoved(ILogger logger, string region, int shard, string node, long epoch, string by, string reason);
}
