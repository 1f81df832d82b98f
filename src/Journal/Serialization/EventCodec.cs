using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Serialization;
using Akka.Util;
using AkkaScale.Journal.Reading;
using AkkaScale.Journal.Writing;

namespace AkkaScale.Journal.Serialization;

/// <summary>Events and snapshots to rows and back, as Akka.Persistence.Sql does it: either reads what the other wrote.</summary>
internal sealed class EventCodec(
    ExtendedActorSystem system, string? defaultSerializer, Func<object, string?> commandIdOf, TimeProvider time)
{
    private readonly Akka.Serialization.Serialization _serialization = system.Serialization;

    /// <summary>The rows of one request, in order.</summary>
    public JournalRow[] ToRows(IReadOnlyList<AtomicWrite> writes)
    {
        var events = new List<IPersistentRepresentation>(writes.Count);
        foreach (var write in writes)
        {
            events.AddRange((IEnumerable<IPersistentRepresentation>)write.Payload);
        }

        // With the system's transport information, so that actor references in events are written with an address.
        var rows = Akka.Serialization.Serialization.WithTransport(
            system, (this, events), static state => state.events.ConvertAll(state.Item1.ToRow).ToArray());
        KeepLastOfEachCommand(rows);
        return rows;
    }

    public IPersistentRepresentation ToRepresentation(StoredEvent stored) => new Persistent(
        Deserialize(stored.Message, stored.Identifier, stored.Manifest), stored.SequenceNr, stored.PersistenceId, stored.Manifest,
        stored.Deleted, ActorRefs.NoSender, stored.WriterUuid, stored.Created);

    public StoredSnapshot ToStored(SnapshotMetadata metadata, object snapshot)
    {
        var serializer = _serialization.FindSerializerForType(snapshot.GetType(), defaultSerializer);
        var bytes = Akka.Serialization.Serialization.WithTransport(
            system, (serializer, snapshot), static state => state.serializer.ToBinary(state.snapshot));
        return new StoredSnapshot(
            metadata.PersistenceId, metadata.SequenceNr, metadata.Timestamp.Ticks, bytes, serializer.Identifier,
            ManifestOf(serializer, snapshot));
    }

    public SelectedSnapshot ToSelected(StoredSnapshot stored) => new(
        new SnapshotMetadata(stored.PersistenceId, stored.SequenceNr, new DateTime(stored.Created, DateTimeKind.Utc)),
        Deserialize(stored.Snapshot, stored.SerializerId, stored.Manifest));

    /// <summary>A command of several events has its id on the last of them: in the table it is unique.</summary>
    private static void KeepLastOfEachCommand(JournalRow[] rows)
    {
        for (var i = 0; i < rows.Length - 1; i++)
        {
            var commandId = rows[i].CommandId;
            if (commandId is not null && Array.Exists(rows[(i + 1)..], later => later.CommandId == commandId))
            {
                rows[i] = rows[i] with { CommandId = null };
            }
        }
    }

    private JournalRow ToRow(IPersistentRepresentation representation)
    {
        IReadOnlyCollection<string> tags = [];
        var payload = representation.Payload;
        if (payload is Tagged tagged)
        {
            payload = tagged.Payload;
            tags = tagged.Tags;
            foreach (var tag in tags)
            {
                StoredText.Check(tag, "tag");
            }
        }

        var serializer = _serialization.FindSerializerForType(payload.GetType(), defaultSerializer);
        return new JournalRow(
            representation.SequenceNr,
            representation.Timestamp == 0 ? time.GetUtcNow().Ticks : representation.Timestamp,
            serializer.ToBinary(payload),
            serializer.Identifier,
            StoredText.Check(ManifestOf(serializer, payload), "manifest"),
            commandIdOf(payload) is { } commandId ? StoredText.Check(commandId, "command id") : null,
            tags);
    }

    private object Deserialize(byte[] bytes, int? identifier, string manifest)
    {
        if (identifier is { } known)
        {
            return _serialization.Deserialize(bytes, known, manifest);
        }

        // A row without a serializer's id is of a plugin from before they had one: its manifest is the type's name.
        var type = Type.GetType(manifest, throwOnError: true)!;
        return Akka.Serialization.Serialization.WithTransport(
            system, (serializer: _serialization.FindSerializerForType(type, defaultSerializer), bytes, type),
            static state => state.serializer.FromBinary(state.bytes, state.type));
    }

    private static string ManifestOf(Serializer serializer, object payload) => serializer switch
    {
        SerializerWithStringManifest named => named.Manifest(payload),
        { IncludeManifest: true } => payload.GetType().TypeQualifiedName(),
        _ => "",
    };
}
