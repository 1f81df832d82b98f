using Akka.Hosting;

namespace AkkaScale.Sharding.Inspection;

/// <summary>Lets the members of a cluster ask each other what they have in memory.</summary>
public static class NodeInspectionHosting
{
    /// <summary>To be called after <c>WithEntities</c>, on every member.</summary>
    public static AkkaConfigurationBuilder WithNodeInspection(this AkkaConfigurationBuilder builder) =>
        builder.WithActors((system, _) => system.ActorOf(NodeActor.Props(EntitySharding.For(system)), NodeActor.Name));
}
