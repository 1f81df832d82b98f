using Akka.Actor;
using AkkaEvent = Akka.Cluster.ClusterEvent;

namespace AkkaScale.Management.Events;

/// <summary>Hands on what Akka's cluster says: the state as it is first, then each event.</summary>
internal sealed class ClusterEventActor(Action<object> take) : UntypedActor
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);

    public static Props Props(Action<object> take) => Akka.Actor.Props.Create(() => new ClusterEventActor(take));

    protected override void PreStart() => _cluster.Subscribe(
        Self, AkkaEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(AkkaEvent.IClusterDomainEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        if (message is AkkaEvent.CurrentClusterState or AkkaEvent.IClusterDomainEvent)
        {
            take(message);
        }
        else
        {
            Unhandled(message);
        }
    }
}
