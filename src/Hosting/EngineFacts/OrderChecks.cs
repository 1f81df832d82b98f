using AkkaScale.Hosting.Facts;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Hosting.EngineFacts;

/// <summary>What operators' orders are checked by before they become rows, and how they are shown.</summary>
internal static class OrderChecks
{
    private const int LongestText = 500;

    public static string? Text(NodeOrderKind? kind) => kind switch
    {
        NodeOrderKind.Cordon => "cordon",
        NodeOrderKind.Drain => "drain",
        _ => null,
    };

    public static string? NameOf(ClusterReading reading, Incarnation? incarnation) =>
        incarnation is null ? null : reading.Members.FirstOrDefault(member => member.Incarnation == incarnation)?.NodeName;

    /// <summary>This engine has one numbering of shards for every kind.</summary>
    public static void CheckRegion(string? region)
    {
        if (region is not null)
        {
            throw new OrderRefusedException(StatusCodes.Status404NotFound, $"There is no region {region}.");
        }
    }

    public static void CheckShard(ClusterReading reading, int shard)
    {
        if (shard < 0 || shard >= reading.Identity.ShardCount)
        {
            throw new OrderRefusedException(
                StatusCodes.Status404NotFound, $"Shard {shard} does not exist: there are 0 to {reading.Identity.ShardCount - 1}.");
        }
    }

    /// <summary>A name that no member bears or bore lately is most likely mistyped.</summary>
    public static void CheckNode(ClusterReading reading, string node)
    {
        if (reading.Members.All(member => member.NodeName != node))
        {
            var known = reading.Members.Where(member => member.IsLive).Select(member => member.NodeName).Distinct()
                .Order(StringComparer.Ordinal);
            throw new OrderRefusedException(
                StatusCodes.Status404NotFound, $"There is no node {node}; known are {string.Join(", ", known)}.");
        }
    }

    public static void CheckOrder(ClusterReading reading, string node, string otherwise)
    {
        if (reading.Orders.FirstOrDefault(order => order.NodeName == node) is { } standing)
        {
            throw new OrderRefusedException(
                StatusCodes.Status409Conflict,
                $"Node {node} is {(standing.Kind == NodeOrderKind.Drain ? "being drained" : "cordoned")} and gets no shards: "
                + $"uncordon it first, or {otherwise}.");
        }
    }

    public static string Check(string? text) => (text ?? "") is { Length: <= LongestText } given && !given.Any(char.IsControl)
        ? given
        : throw new OrderRefusedException(
            StatusCodes.Status400BadRequest, $"Reason and name must have at most {LongestText} characters, and no control characters.");

    public static void CheckWritten(WriteOutcome outcome)
    {
        if (outcome == WriteOutcome.Unknown)
        {
            throw new StoreUnavailableException(
                "Whether the order was written is not known: look at /orders, and give it again if need be.");
        }
    }
}
