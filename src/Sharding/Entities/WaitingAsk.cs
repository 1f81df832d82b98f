using Akka.Actor;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Entities;

/// <summary>An ask that has not been answered yet, and who gets its outcome. Told apart by reference: copies may be equal.</summary>
internal sealed class WaitingAsk(EntityAsk ask, IActorRef replyTo)
{
    public EntityAsk Ask => ask;

    public IActorRef ReplyTo => replyTo;
}
