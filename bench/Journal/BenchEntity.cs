using Akka.Actor;
using Akka.Persistence;
using Akka.Serialization;

namespace AkkaScale.Bench.Journal;

public sealed record BenchEvent(byte[] Payload);

/// <summary>Costs nothing: what is measured is the journal.</summary>
public sealed class BenchEventSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public const int Id = 9401;

    public const string EventManifest = "bench@1";

    public override int Identifier => Id;

    public override string Manifest(object o) => EventManifest;

    public override byte[] ToBinary(object obj) => ((BenchEvent)obj).Payload;

    public override object FromBinary(byte[] bytes, string manifest) => new BenchEvent(bytes);
}

/// <summary>Persists what it is sent and answers when it is durable; tells how many events it has.</summary>
public sealed class BenchEntity(string id) : UntypedPersistentActor
{
    private long _events;

    public override string PersistenceId => id;

    public static Props Props(string id) => Akka.Actor.Props.Create(() => new BenchEntity(id));

    protected override void OnRecover(object message)
    {
        if (message is BenchEvent)
        {
            _events++;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case BenchEvent item:
                Persist(item, _ => Sender.Tell(++_events));
                break;
            case Count:
                Sender.Tell(_events);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    public sealed record Count
    {
        public static Count Instance { get; } = new();
    }
}
