using System.IO.Hashing;
using System.Text;
using Akka.Cluster.Sharding;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Tests.Cluster.Hosting;

/// <summary>Which shard an entity is of. The hash is stable, and unlike Akka's own extractor it throws for no value.</summary>
internal sealed class ProbeShards(int count) : IMessageExtractor
{
    public const string TypeName = "probe";

    private const string Prefix = TypeName + "-";

    public int Count => count;

    public static string PersistenceId(string entity) => Prefix + entity;

    public string ShardOf(string entity) => (XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(entity)) % (ulong)count).ToString();

    public string? ShardOfPersistenceId(string id) => id.StartsWith(Prefix, StringComparison.Ordinal) ? ShardOf(id[Prefix.Length..]) : null;

    /// <summary>The first ids of each shard, in the order of the shards.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Entities(int each)
    {
        var found = Enumerable.Range(0, count).ToDictionary(shard => shard.ToString(), _ => new List<string>());
        for (var number = 0; found.Values.Any(ids => ids.Count < each); number++)
        {
            var ids = found[ShardOf($"e{number}")];
            if (ids.Count < each)
            {
                ids.Add($"e{number}");
            }
        }

        return [.. Enumerable.Range(0, count).Select(shard => found[shard.ToString()])];
    }

    public string? EntityId(object message) => message switch
    {
        IProbeCommand command => command.Entity,
        TouchShard => TouchShard.EntityId,
        _ => null,
    };

    public object? EntityMessage(object message) => message;

    public string? ShardId(object message) => EntityId(message) is { } entity ? ShardId(entity, message) : null;

    public string ShardId(string entityId, object? messageHint = null) =>
        messageHint is TouchShard touch ? $"{touch.Shard}" : ShardOf(entityId);
}
