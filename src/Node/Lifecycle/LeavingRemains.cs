using System.Globalization;
using Akka.Actor;
using AkkaScale.Cluster;
using AkkaScale.Sharding;

namespace AkkaScale.Node.Lifecycle;

/// <summary>What a node still holds when its time to leave is over, in words.</summary>
internal static class LeavingRemains
{
    private const int Named = 10;

    public static string Of(ActorSystem system)
    {
        var held = Held(system);
        return held.Count == 0
            ? "it holds no shard, but has not taken its leave of the other members"
            : $"it still holds {held.Count} shards ({string.Join(", ", held.Take(Named))}{(held.Count > Named ? ", …" : "")}), which are taken "
                + "over when this process has been declared dead";
    }

    private static List<string> Held(ActorSystem system)
    {
        var (membership, sharding) = (ClusterMembership.For(system), EntitySharding.For(system));
        return
        [
            .. from kind in sharding.Kinds.Names
               from shard in Enumerable.Range(0, sharding.RegionOf(kind).ShardCount)
               where membership.Book.EpochOf(membership.Map.NameOf(kind, shard.ToString(CultureInfo.InvariantCulture))) is not null
               select $"{kind}/{shard}",
        ];
    }
}
