using Akka.Actor;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Routing;

/// <summary>What a <see cref="TouchShard"/> starts in its shard in place of an entity: it is there for that one message.</summary>
internal sealed class TouchedActor : ReceiveActor
{
    public TouchedActor() => ReceiveAny(_ => Context.Stop(Self));

    /// <summary>For the region's function that makes entities.</summary>
    public static Func<string, Props> Or(Func<string, Props> entity) =>
        id => id == TouchShard.EntityId ? Props.Create(() => new TouchedActor()) : entity(id);
}
