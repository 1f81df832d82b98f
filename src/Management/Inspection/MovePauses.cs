using Akka.Cluster;

namespace AkkaScale.Management.Inspection;

/// <summary>Why coordinators move nothing now, or nothing for the balance. Pure.</summary>
internal static class MovePauses
{
    public static IEnumerable<string> Of(ClusterSight sight)
    {
        if (Manual(sight) is { } manual)
        {
            yield return manual;
        }

        if (sight.Gossip.FirstOrDefault(member => !member.IsReachable) is { } away)
        {
            yield return $"{Name(sight, away)} cannot be reached: nothing moves until it can, or is gone";
        }

        if (sight.Gossip.FirstOrDefault(member => member.Status != MemberStatus.Up) is { } unsettled)
        {
            yield return $"{Name(sight, unsettled)} is {unsettled.Status.ToString().ToLowerInvariant()}: nothing moves for the balance meanwhile";
        }
    }

    /// <summary>Null: coordinators move shards by themselves, or have not said.</summary>
    public static string? Manual(ClusterSight sight) => sight.Regions.Any(region => region.IsManual == true)
        ? "Allocation:Mode is Manual: only orders move shards"
        : null;

    private static string Name(ClusterSight sight, GossipMember member) => sight.At(member.Address)?.Name ?? member.Address;
}
