using Akka.Actor;
using Akka.Persistence;

namespace AkkaScale.Tests.Journal.Conformance;

/// <summary>Does what it is told and tells an observer all that happens to it, in order.</summary>
public sealed class LedgerActor(string id, IActorRef observer, Recovery recovery) : UntypedPersistentActor
{
    public override string PersistenceId => id;

    public override Recovery Recovery => recovery;

    public static Props Props(string id, IActorRef observer, Recovery? recovery = null) =>
        Akka.Actor.Props.Create(() => new LedgerActor(id, observer, recovery ?? Recovery.Default));

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case RecoveryCompleted:
                observer.Tell(new Recovered(LastSequenceNr));
                break;
            case SnapshotOffer offer:
                observer.Tell(new Offered(offer.Metadata.SequenceNr, offer.Snapshot));
                break;
            default:
                observer.Tell(new Replayed(LastSequenceNr, message));
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Note one:
                Persist(one.Event, Tell);
                observer.Tell("sent");
                break;
            case NoteAll all:
                PersistAll(all.Events, Tell, () => observer.Tell("all"));
                break;
            case NoteAsync some:
                Array.ForEach(some.Events, item => PersistAsync(item, Tell)); // each a write of its own, on purpose
                break;
            case NoteAllAsync all:
                PersistAllAsync(all.Events, Tell);
                break;
            case Defer later:
                DeferAsync(later.Text, text => observer.Tell(text));
                break;
            case Save save:
                SaveSnapshot(save.State);
                break;
            case Forget forget:
                DeleteMessages(forget.To);
                break;
            case Crash:
                throw new InvalidOperationException("Told to crash.");
            case SaveSnapshotSuccess or DeleteMessagesSuccess or string:
                observer.Tell(message);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        observer.Tell(new NotWritten(sequenceNr, IsRejection: false));

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        observer.Tell(new NotWritten(sequenceNr, IsRejection: true));

    private void Tell(object item) => observer.Tell(new Written(LastSequenceNr, item));

    public sealed record Note(object Event);

    public sealed record NoteAll(params object[] Events);

    public sealed record NoteAsync(params object[] Events);

    public sealed record NoteAllAsync(params object[] Events);

    public sealed record Defer(string Text);

    public sealed record Save(object State);

    public sealed record Forget(long To);

    public sealed record Crash;

    public sealed record Written(long Number, object Event);

    public sealed record NotWritten(long Number, bool IsRejection);

    public sealed record Replayed(long Number, object Event);

    public sealed record Offered(long Number, object State);

    public sealed record Recovered(long Number);
}
