using AkkaScale.Cluster.Orders;
using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Management.Inspection;

/// <summary>Whether a shard can be ordered to a node, or pinned there. Pure.</summary>
internal static class MoveCheck
{
    private const int LongestText = 500;

    /// <exception cref="OrderRefusedException">As <see cref="Check"/>, and when the shard is pinned.</exception>
    public static MoveOutcome CheckMove(ClusterSight sight, MoveOrder order)
    {
        var outcome = Check(sight, order);
        return sight.PinOf(order.Shard.Region, order.Shard.Number) is { } pin
            ? throw Refused(
                StatusCodes.Status409Conflict,
                $"Shard {pin.Region}/{pin.Shard} is pinned to {pin.NodeName}: unpin it first, or pin it to {outcome.To}.")
            : outcome;
    }

    /// <exception cref="OrderRefusedException">
    /// No such region, shard or node; the node cannot take it; it is at another epoch; a text is too long.
    /// </exception>
    public static MoveOutcome Check(ClusterSight sight, MoveOrder order)
    {
        var region = Region(sight, order.Shard);
        var shard = order.Shard.Number;
        var node = order.Node is { Length: > 0 } name
            ? name
            : throw Refused(StatusCodes.Status400BadRequest, "Name the node to move to: {\"node\":\"node-1\"}.");
        CheckText(order.Reason);
        CheckText(order.By);
        CheckNode(sight, region, node);
        var lease = region.Leases[shard];
        if (order.ExpectedEpoch is { } expected && expected != lease.Epoch)
        {
            throw Refused(
                StatusCodes.Status409Conflict,
                $"Shard {region.Name}/{shard} is at epoch {lease.Epoch}, not {expected}: it has moved or was taken over meanwhile. "
                + "Look again before moving it.");
        }

        var owner = sight.Find(lease.Owner) is { IsGone: false } row ? row : null;
        var home = region.HomeOf(shard);
        var isThere = owner is { IsLive: true } && owner.Name == node && (home is null || home == owner.Address);
        return new MoveOutcome(order.Shard, owner?.Name, node, lease.Epoch, isThere);
    }

    /// <exception cref="OrderRefusedException">There is no such region, or no such shard in it.</exception>
    public static RegionSight Region(ClusterSight sight, ShardKey shard)
    {
        var region = Region(sight, shard.Region);
        return shard.Number >= 0 && shard.Number < region.ShardCount
            ? region
            : throw Refused(
                StatusCodes.Status404NotFound, $"Shard {region.Name}/{shard.Number} does not exist: there are 0 to {region.ShardCount - 1}.");
    }

    /// <exception cref="OrderRefusedException">There is no such region.</exception>
    public static RegionSight Region(ClusterSight sight, string region) =>
        sight.Regions.FirstOrDefault(known => known.Name == region) ?? throw Refused(
            StatusCodes.Status404NotFound,
            $"There is no region {region}; known are {Names(sight)}.");

    private static string Names(ClusterSight sight) => string.Join(", ", sight.Regions.Select(region => region.Name));

    /// <summary>What a move is ordered to must be able to take it now.</summary>
    private static void CheckNode(ClusterSight sight, RegionSight region, string node)
    {
        var named = sight.Rows.Where(row => row.Name == node).ToList();
        if (named.Count == 0)
        {
            throw Refused(
                StatusCodes.Status404NotFound, $"There is no node {node}; known are {string.Join(", ", MemberNames.LiveNames(sight.Rows))}.");
        }

        var running = named.Where(row => MemberShow.StatusOf(sight, row) == "Up").ToList();
        if (!running.Exists(row => region.AreHosts(row.Roles)))
        {
            throw Refused(
                StatusCodes.Status409Conflict,
                running.Count > 0 ? $"Node {node} hosts no shards of {region.Name}: it has not the role {region.Role}." : $"Node {node} is not up: wait for it, or move to another.");
        }

        if (sight.OrderOf(node) is { } order)
        {
            throw Refused(
                StatusCodes.Status409Conflict,
                $"Node {node} takes no shards: it {(order.Kind == NodeOrderKind.Drain ? "is being drained" : "is cordoned")}. Uncordon it first.");
        }
    }

    /// <exception cref="OrderRefusedException">It is too long, or has control characters.</exception>
    public static void CheckText(string? text)
    {
        if (text is not null && (text.Length > LongestText || text.Any(char.IsControl)))
        {
            throw Refused(
                StatusCodes.Status400BadRequest, $"Reason and name must have at most {LongestText} characters, and no control characters.");
        }
    }

    private static OrderRefusedException Refused(int status, string message) => new(status, message);
}
