using System.Text.Json;
using Akka.Actor;
using Akka.Serialization;
using AkkaScale.Cluster.Liveness;
using AkkaScale.Entities;
using AkkaScale.Sharding.Events;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Options;

namespace AkkaScale.Sharding.Serialization;

/// <summary>
/// What an entity stores and what is sent to it and back, as UTF-8 JSON. Manifests have the name and the version of a form:
/// <c>task.created@2</c> for an event, as its kind names it, <c>task.state@1</c> for a snapshot, with the kind's state version,
/// <c>answered@1</c>, <c>ask@1</c>, <c>outcome@1</c>, <c>stop@1</c> for what is the same for all kinds.
/// </summary>
internal sealed class EntitySerializer : SerializerWithStringManifest
{
    private const string Answered = "answered@1";
    private const string AskFamily = "ask@";
    private const string Ask = "ask@1";
    private const string Outcome = "outcome@1";
    private const string Stop = "stop@1";
    private const string FirstVersion = "@1";
    private const string State = "state@";

    private readonly EntityKindRegistry _kinds;
    private readonly TimeProvider _time;

    public EntitySerializer(ExtendedActorSystem system)
        : base(system)
    {
        var setup = system.Settings.Setup.Get<EntityShardingSetup>();
        if (!setup.HasValue)
        {
            throw new InvalidOperationException("The serializer of entities needs their kinds: configure the system by WithEntities.");
        }

        (_kinds, _time) = (setup.Value.Kinds, setup.Value.Time);
    }

    /// <summary>What is to be bound to this serializer.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        typeof(EntityEvent), typeof(EntityAnswered), typeof(EntityMemorySnapshot), typeof(EntityAsk), typeof(UnreadableAsk),
        typeof(EntityOutcome), typeof(StopEntity),
    ];

    public override int Identifier => 7101;

    public override string Manifest(object o) => o switch
    {
        EntityEvent happened => ManifestOf(happened.Kind, happened.EventType),
        EntityAnswered => Answered,
        EntityMemorySnapshot snapshot => $"{snapshot.Kind}.{State}{KindOf(snapshot.Kind).StateVersion}",
        EntityAsk => Ask,
        UnreadableAsk unreadable => unreadable.Manifest,
        EntityOutcome => Outcome,
        StopEntity => Stop,
        _ => throw new ArgumentException($"{o.GetType().Name} is nothing that this serializer knows.", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        EntityEvent happened => RowJson.Write(happened),
        EntityAnswered answered => RowJson.Write(answered),
        EntityMemorySnapshot snapshot => SnapshotJson.Write(snapshot, KindOf(snapshot.Kind)),
        EntityAsk ask => AskJson.Write(ask, KindOf(ask.Entity.Kind), _time.Monotonic()),
        UnreadableAsk unreadable => unreadable.Bytes.ToArray(),
        EntityOutcome outcome => OutcomeJson.Write(outcome),
        StopEntity => [],
        _ => throw new ArgumentException($"{obj.GetType().Name} is nothing that this serializer knows.", nameof(obj)),
    };

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        Answered => RowJson.ReadAnswered(bytes),
        Outcome => OutcomeJson.Read(bytes),
        Stop => StopEntity.Instance,
        _ when manifest.StartsWith(AskFamily, StringComparison.Ordinal) => ReadAsk(bytes, manifest),
        _ => ReadStored(bytes, manifest),
    };

    /// <summary>An event without a version in its name is the first of that name.</summary>
    /// <summary>Of the rows of an event.</summary>
    /// <param name="eventType">As its kind names it.</param>
    public static string ManifestOf(string kind, string eventType) => eventType.Contains('@', StringComparison.Ordinal)
        ? $"{kind}.{eventType}"
        : $"{kind}.{eventType}{FirstVersion}";

    private object ReadStored(byte[] bytes, string manifest)
    {
        var dot = manifest.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            throw new JsonException($"There is no {manifest}.");
        }

        var kind = manifest[..dot];
        var name = manifest[(dot + 1)..];
        if (name.StartsWith(State, StringComparison.Ordinal) && SnapshotJson.Is(bytes))
        {
            return manifest == $"{kind}.{State}{KindOf(kind).StateVersion}"
                ? SnapshotJson.Read(bytes, KindOf(kind))
                : new StaleEntitySnapshot(manifest);
        }

        return RowJson.ReadEvent(bytes, kind, name.EndsWith(FirstVersion, StringComparison.Ordinal) ? name[..^FirstVersion.Length] : name);
    }

    /// <summary>One that cannot be read is answered so; lost, it would be repeated until its deadline.</summary>
    private object ReadAsk(byte[] bytes, string manifest)
    {
        var entity = AskJson.FindEntity(bytes) ?? throw new JsonException($"An ask {manifest} does not tell whom it is for.");
        if (manifest != Ask)
        {
            return new UnreadableAsk(entity, $"This process cannot read {manifest}.", manifest, bytes);
        }

        try
        {
            return AskJson.Read(bytes, entity, KindOf(entity.Kind), _time.Monotonic());
        }
        catch (Exception error)
        {
            // Of whatever kind: what a kind's own reader throws is not known here.
            return new UnreadableAsk(entity, error.Message, manifest, bytes);
        }
    }

    /// <exception cref="JsonException">This node has no such kind.</exception>
    private IEntityKind KindOf(string name) => _kinds.Find(name) ?? throw new JsonException($"There is no kind {name} here.");
}
