using System.Globalization;
using Akka.Cluster.Sharding;
using AkkaScale.Entities;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Routing;

/// <summary>
/// The region of one kind: its type name is the kind's, an entity's id the entity's own, its persistence id kind, hyphen, id, its shard a
/// number from 0.
/// </summary>
internal sealed class EntityRegion(string kind, int shardCount) : IMessageExtractor
{
    private readonly string _prefix = $"{kind}-";

    public string Kind => kind;

    public int ShardCount => shardCount;

    public static string PersistenceIdOf(EntityKey entity) => $"{entity.Kind}-{entity.Id}";

    public int NumberOf(string id) => ShardHash.ShardOf(id, shardCount);

    public string? EntityId(object message) => message switch
    {
        IEntityMessage routed => routed.Entity.Id,
        TouchShard => TouchShard.EntityId,
        _ => null,
    };

    public object? EntityMessage(object message) => message;

    public string? ShardId(object message) => EntityId(message) is { } id ? ShardId(id, message) : null;

    public string ShardId(string entityId, object? messageHint = null) =>
        (messageHint is TouchShard touch ? touch.Shard : NumberOf(entityId)).ToString(CultureInfo.InvariantCulture);

    /// <summary>For the lease that a write needs; null for a persistence id of another region.</summary>
    public string? ShardOfPersistenceId(string persistenceId) =>
        persistenceId.StartsWith(_prefix, StringComparison.Ordinal) ? ShardId(persistenceId[_prefix.Length..]) : null;
}
