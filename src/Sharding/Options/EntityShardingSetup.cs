using Akka.Actor.Setup;
using AkkaScale.Entities;

namespace AkkaScale.Sharding.Options;

/// <summary>Carries what the builder knows to the system's serializers and entities.</summary>
internal sealed class EntityShardingSetup(EntityKindRegistry kinds, EntityShardingOptions options, TimeProvider time) : Setup
{
    public EntityKindRegistry Kinds => kinds;

    public EntityShardingOptions Options => options;

    public TimeProvider Time => time;
}
