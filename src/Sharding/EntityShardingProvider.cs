using Akka.Actor;

namespace AkkaScale.Sharding;

internal sealed class EntityShardingProvider : ExtensionIdProvider<EntitySharding>
{
    public override EntitySharding CreateExtension(ExtendedActorSystem system) => new(system);
}
