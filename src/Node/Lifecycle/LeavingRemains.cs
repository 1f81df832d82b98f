using System.Globalization;
using Akka.Actor;
using AkkaScale.Cluster;
using AkkaScale.Sharding;

namespace AkkaScale.Node.Lifecycle;

/// <summary>What a node leaves behind for others to find.</summary>
internal static class LeavingRemains
{
    /// <summary>In words; null when it has left, and everything it had is free.</summary>
    public static string? Of(ActorSystem system)
    {
        var membership = ClusterMembership.For(system);
        var held = Held(system, membership.Leases.Unfreed);
        var when = membership.HasLeft ? "now that it has left" : "when this process has been declared dead";
        return held.Count > 0
            ? $"it still holds {held.Count} shards ({string.Join(", ", held)}), which are taken over {when}"
            : membership.HasLeft ? null
            : "it holds no shard, but the database has not been told that it left";
    }

    private static List<string> Held(ActorSystem system, IReadOnlyList<string> unfreed)
    {
        if (unfreed.Count == 0)
        {
            return [];
        }

        var (map, sharding) = (ClusterMembership.For(system).Map, EntitySharding.For(system));
        var leases = unfreed.ToHashSet(StringComparer.Ordinal);
        return
        [
            .. from kind in sharding.Kinds.Names
               from shard in Enumerable.Range(0, sharding.RegionOf(kind).ShardCount)
               where leases.Contains(map.NameOf(kind, shard.ToString(CultureInfo.InvariantCulture)))
               select $"{kind}/{shard}",
        ];
    }
}
