using AkkaScale.Entities;
using AkkaScale.Sharding.Events;
using AkkaScale.Sharding.Loads;
using AkkaScale.Sharding.Options;
using AkkaScale.Sharding.Stuck;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Sharding.Entities;

/// <summary>What all entities of a node are given from outside. Everything in it is thread-safe.</summary>
internal sealed class EntityServices
{
    public required EntityShardingOptions Options { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    public required ResidentBook Residents { get; init; }

    public required WorkBook Works { get; init; }

    /// <summary>Whether this process's own deadline has not passed. Asked at each answer.</summary>
    public required Func<bool> IsServing { get; init; }

    /// <summary>Asks the database, after the call, whether this process holds the lease of the entity's shard.</summary>
    public required Func<EntityKey, CancellationToken, Task<bool>> ConfirmAsync { get; init; }

    /// <summary>Asks the journal how the entity answered the command; null when it did not.</summary>
    public required Func<EntityKey, Guid, CancellationToken, Task<RememberedCommand?>> FindCommandAsync { get; init; }

    /// <summary>Called for each command or read that an entity is given.</summary>
    public Action OnDelivered { get; init; } = () => { };

    /// <summary>The meter of the entity's shard.</summary>
    public Func<EntityKey, ShardMeter> MeterOf { get; init; } = _ => new ShardMeter();

    /// <summary>Called when an entity of the kind has come into memory, with how many rows it was folded from.</summary>
    public Action<string, long> OnRecovered { get; init; } = (_, _) => { };
}
