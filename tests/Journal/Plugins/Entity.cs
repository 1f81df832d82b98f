using Akka.Actor;
using Akka.Persistence;
using AkkaScale.Tests.Journal.Conformance;

namespace AkkaScale.Tests.Journal.Plugins;

/// <summary>Persists each text that it is sent and answers with its number; counts what happens to all of its kind.</summary>
internal sealed class Entity(string id, EntityTally tally) : UntypedPersistentActor
{
    private readonly List<string> _texts = [];

    public override string PersistenceId => id;

    public static Props Props(string id, EntityTally tally) => Akka.Actor.Props.Create(() => new Entity(id, tally));

    protected override void OnRecover(object message)
    {
        if (message is Noted noted)
        {
            _texts.Add(noted.Text);
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case string text:
                Persist(new Noted(text), noted =>
                {
                    _texts.Add(noted.Text);
                    Sender.Tell(LastSequenceNr);
                });
                break;
            case Texts:
                Sender.Tell(_texts.ToArray());
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => tally.Failed(id, cause);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => tally.Rejected(id, cause);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => tally.NotRecovered(id, reason);

    protected override void PostStop()
    {
        tally.Stopped(id);
        base.PostStop();
    }

    public sealed record Texts;
}
