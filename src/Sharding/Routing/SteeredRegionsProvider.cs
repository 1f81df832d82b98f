using Akka.Actor;

namespace AkkaScale.Sharding.Routing;

internal sealed class SteeredRegionsProvider : ExtensionIdProvider<SteeredRegions>
{
    public override SteeredRegions CreateExtension(ExtendedActorSystem system) => new(system);
}
