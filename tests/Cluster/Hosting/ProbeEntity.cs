using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace AkkaScale.Tests.Cluster.Hosting;

/// <summary>
/// Keeps the ids of the commands that it was sent, one event each. A command that comes again gets the first answer. It answers to reads
/// only while its process's deadline has not passed: else it says nothing, as an entity of the product will.
/// </summary>
internal sealed class ProbeEntity(string id, string incarnation, Func<bool> isServing) : UntypedPersistentActor
{
    private readonly Dictionary<string, long> _numbers = [];
    private readonly List<string> _ids = [];

    public override string PersistenceId { get; } = ProbeShards.PersistenceId(id);

    protected override void OnRecover(object message)
    {
        if (message is Noted noted)
        {
            Apply(noted);
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Note note when _numbers.TryGetValue(note.CommandId, out var number):
                Sender.Tell(new Noticed(note.CommandId, incarnation, number));
                break;
            case Note note:
                Persist(new Noted(note.CommandId), noted =>
                {
                    Apply(noted);
                    Sender.Tell(new Noticed(noted.CommandId, incarnation, LastSequenceNr));
                });
                break;
            case Read when isServing():
                Sender.Tell(new Contents(incarnation, [.. _ids]));
                break;
            case Read:
                break;
            case StopEntity:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Context.GetLogger().Warning("{0} could not write {1}: {2}", id, sequenceNr, cause.Message);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Context.GetLogger().Error(cause, "{0} was refused {1}", id, sequenceNr);

    private void Apply(Noted noted)
    {
        _numbers.Add(noted.CommandId, LastSequenceNr);
        _ids.Add(noted.CommandId);
    }
}
