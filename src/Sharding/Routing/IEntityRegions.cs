using Akka.Actor;

namespace AkkaScale.Sharding.Routing;

/// <summary>The regions of the running system, as a client needs them.</summary>
internal interface IEntityRegions
{
    EntityRegion RegionOf(string kind);

    /// <summary>The region's actor, or its proxy; null while it has not been started.</summary>
    IActorRef? Find(string kind);

    /// <summary>Whether there is a member at that address that others reach.</summary>
    bool IsMember(string address);
}
