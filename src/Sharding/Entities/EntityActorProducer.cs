using Akka.Actor;
using AkkaScale.Entities;

namespace AkkaScale.Sharding.Entities;

/// <summary>Makes the actor without an expression tree, which would be built for each entity.</summary>
internal sealed class EntityActorProducer(IEntityKind kind, string id, EntityServices services) : IIndirectActorProducer
{
    public Type ActorType => typeof(EntityActor);

    public ActorBase Produce() => new EntityActor(kind, id, services);

    public void Release(ActorBase actor)
    {
    }
}
