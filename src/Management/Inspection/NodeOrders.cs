using AkkaScale.Cluster.Orders;
using AkkaScale.Management.Facts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Management.Inspection;

/// <summary>
/// Takes the order that a node is given no more shards, or gives all away, and takes it back. It holds for whoever runs under the name; every
/// region's coordinator follows.
/// </summary>
internal sealed partial class NodeOrders(SystemInspection inspection, ILogger<NodeOrders> logger)
{
    private const int Lookback = 200;

    public async Task<NodeOrderOutcome> OrderAsync(NodeWish wish, CancellationToken cancellationToken)
    {
        MoveCheck.CheckText(wish.Reason);
        MoveCheck.CheckText(wish.By);
        var sight = await inspection.ReadAsync(cancellationToken);
        var name = await NameAsync(sight, wish.Node);
        var membership = inspection.Membership();
        if (wish.Kind is { } kind)
        {
            await membership.OrderAsync(new NodeOrder(name, kind, wish.By ?? "", wish.Reason ?? ""));
            LogOrdered(logger, name, kind, wish.By ?? "", wish.Reason ?? "");
        }
        else if (await membership.RemoveNodeOrderAsync(name))
        {
            LogTakenBack(logger, name, wish.By ?? "", wish.Reason ?? "");
        }

        return NodeOrderShow.Outcome(sight, name, wish.Kind);
    }

    /// <summary>Also of a node that is away at the moment: it is restarted, or an order about it is taken back.</summary>
    /// <exception cref="OrderRefusedException">No member is or was called so.</exception>
    private async Task<string> NameAsync(ClusterSight sight, string node)
    {
        var known = MemberNames.Named(sight.Rows, node).FirstOrDefault()?.Name ?? sight.OrderOf(node)?.NodeName
            ?? MemberNames.Named(await inspection.Membership().HistoryAsync(Lookback), node).FirstOrDefault()?.Name;
        return known ?? throw new OrderRefusedException(
            StatusCodes.Status404NotFound, $"There is no node {node}; known are {string.Join(", ", MemberNames.LiveNames(sight.Rows))}.");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Ordered: {Kind} of node {Node}, by {By}: {Reason}")]
    private static partial void LogOrdered(ILogger logger, string node, NodeOrderKind kind, string by, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Ordered: node {Node} takes shards again, by {By}: {Reason}")]
    private static partial void LogTakenBack(ILogger logger, string node, string by, string reason);
}
