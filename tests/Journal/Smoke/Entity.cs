using Akka.Actor;
using Akka.Persistence;

namespace AkkaScale.Tests.Journal.Smoke;

/// <summary>Keeps a text of what it has persisted. <c>snap</c> makes a snapshot; <c>all</c> persists the words after it together. The
/// answer is the text after the event.</summary>
internal sealed class Entity(string persistenceId) : UntypedPersistentActor
{
    private string _text = "";
    private IActorRef _snapshotAsker = ActorRefs.Nobody;

    public override string PersistenceId => persistenceId;

    public static Props Props(string persistenceId) => Akka.Actor.Props.Create(() => new Entity(persistenceId));

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer offer:
                _text = (string)offer.Snapshot;
                break;
            case string added:
                _text += added;
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case "get":
                Sender.Tell(_text);
                break;
            case "snap":
                _snapshotAsker = Sender;
                SaveSnapshot(_text);
                break;
            case SaveSnapshotSuccess or SaveSnapshotFailure:
                _snapshotAsker.Tell(message is SaveSnapshotSuccess ? "saved" : "not saved");
                break;
            case string all when all.StartsWith("all ", StringComparison.Ordinal):
                var allAsker = Sender;
                PersistAll(all.Split(' ')[1..], added => _text += added);
                DeferAsync("", _ => allAsker.Tell(_text));
                break;
            case string add:
                var asker = Sender;
                Persist(add, added =>
                {
                    _text += added;
                    asker.Tell(_text);
                });
                break;
        }
    }
}
