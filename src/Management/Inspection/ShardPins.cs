using AkkaScale.Cluster.Orders;
using AkkaScale.Management.Facts;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Management.Inspection;

/// <summary>Takes the order to pin a shard to a node, and takes it back. The region's coordinator follows; nothing is moved here.</summary>
internal sealed partial class ShardPins(SystemInspection inspection, ILogger<ShardPins> logger)
{
    public async Task<PinOutcome> PinAsync(MoveOrder order, CancellationToken cancellationToken)
    {
        var sight = await inspection.ReadAsync(cancellationToken);
        var move = MoveCheck.Check(sight, order);
        var (region, shard) = (order.Shard.Region, order.Shard.Number);
        if (sight.PinOf(region, shard)?.NodeName == move.To)
        {
            return new PinOutcome(order.Shard, move.From, move.To, move.Epoch, IsChanged: false);
        }

        await inspection.Membership().OrderAsync(
            new ShardOrder(region, shard, move.To, order.By ?? "", order.Reason ?? "") { Kind = ShardOrderKind.Pin });
        LogPinned(logger, region, shard, move.To, order.By ?? "", order.Reason ?? "");
        return new PinOutcome(order.Shard, move.From, move.To, move.Epoch, IsChanged: true);
    }

    /// <summary>A move that is ordered once stays.</summary>
    public async Task<PinOutcome> UnpinAsync(ShardKey shard, CancellationToken cancellationToken)
    {
        var sight = await inspection.ReadAsync(cancellationToken);
        var lease = MoveCheck.Region(sight, shard).Leases[shard.Number];
        var isChanged = sight.PinOf(shard.Region, shard.Number) is { } pin && await inspection.Membership().RemoveOrderAsync(pin);
        if (isChanged)
        {
            LogUnpinned(logger, shard.Region, shard.Number);
        }

        return new PinOutcome(shard, sight.Find(lease.Owner) is { IsGone: false } owner ? owner.Name : null, null, lease.Epoch, isChanged);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Ordered: shard {Region}/{Shard} is pinned to {Node}, by {By}: {Reason}")]
    private static partial void LogPinned(ILogger logger, string region, int shard, string node, string by, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Ordered: shard {Region}/{Shard} is no longer pinned")]
    private static partial void LogUnpinned(ILogger logger, string region, int shard);
}
