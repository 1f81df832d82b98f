using Akka.Actor;

namespace AkkaScale.Tests.Journal.Smoke;

/// <summary>Completes when an actor has ended.</summary>
internal sealed class Watcher : UntypedActor
{
    private readonly TaskCompletionSource _ended;

    public Watcher(IActorRef watched, TaskCompletionSource ended)
    {
        _ended = ended;
        Context.Watch(watched);
    }

    protected override void OnReceive(object message)
    {
        if (message is Terminated)
        {
            _ended.TrySetResult();
        }
    }
}
