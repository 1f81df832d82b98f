using System.Buffers;
using System.Text;
using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.Tests.Unit.Sharding;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>
/// Holds every answer against what clients knew when they asked and against the journal. Per entity versions give the order: a write's exceeds, and a
/// read's reaches, all versions that were known to anybody when it was invoked (I4).
/// </summary>
internal sealed class Witness(World world)
{
    private readonly Dictionary<EntityKey, long> _floors = [];
    private readonly List<Operation> _operations = [];
    private readonly Dictionary<EntityKey, List<long>> _totals = [];
    private int _losses;
    private TimeSpan _formerLeasesEnd;

    public long Acknowledged { get; private set; }

    public long FloorOf(EntityKey entity) => _floors.GetValueOrDefault(entity);

    public void Invoked(Operation operation)
    {
        operation.Floor = FloorOf(operation.Entity);

        // Until the leases from before a loss have run out, somebody may still serve what is lost.
        operation.Losses = world.Agenda.Now < _formerLeasesEnd ? -1 : _losses;
        _operations.Add(operation);
        if (world.IsHeard)
        {
            world.Say($"client {operation.Client} asks {operation.Entity}: {operation.What} ({World.Short(operation.CommandId)}), knows of {operation.Floor}");
        }
    }

    /// <summary>False: the answer leaves the outcome open, or says that nothing happened.</summary>
    public bool Answered(Operation operation, EntityReply reply)
    {
        if (world.IsHeard)
        {
            world.Say(
                $"client {operation.Client} hears of {World.Short(operation.CommandId)}: {reply.Status} {reply.Code} at {reply.Version}{(reply.Replayed ? ", replayed" : "")}");
        }

        switch (reply.Status)
        {
            case ReplyStatus.Accepted or ReplyStatus.Unchanged or ReplyStatus.Refused or ReplyStatus.VersionMismatch:
                OnDefinite(operation, reply);
                return true;
            case ReplyStatus.PayloadDiffers:
                throw Violation("I5", operation, reply, "is said to have another payload than before");
            default:
                return false;
        }
    }

    /// <summary>The caller does not ask again, whatever has become of it.</summary>
    public void GivenUp(Operation operation, EntityReply? last) =>
        operation.IsToldNoEffect = operation.Sent == 1
            && last?.Status is ReplyStatus.Overloaded or ReplyStatus.ShardUnavailable or ReplyStatus.StoreUnavailable;

    /// <summary>What was acknowledged and is lost with a tail is lost; from now on the journal as it is counts.</summary>
    public void OnTailLost()
    {
        _losses++;
        _formerLeasesEnd = world.Agenda.Now + world.Config.Cluster.ObservedExpiry;
        _totals.Clear();
        foreach (var entity in _floors.Keys.ToArray())
        {
            _floors[entity] = Math.Min(_floors[entity], world.Store.VersionOf(entity));
        }
    }

    /// <summary>At the end, when everything has settled.</summary>
    public void CheckJournal()
    {
        var effects = new Dictionary<Guid, int>();
        foreach (var entity in world.Store.Entities)
        {
            foreach (var row in world.Store.EventsOf(entity))
            {
                effects[row.CommandId] = effects.GetValueOrDefault(row.CommandId) + 1;
            }
        }

        foreach (var operation in _operations)
        {
            var count = effects.GetValueOrDefault(operation.CommandId);
            if (operation.IsToldNoEffect && count > 0)
            {
                throw new WorldViolationException("I5", $"{World.Short(operation.CommandId)} took effect although its caller was told that it did not");
            }

            if (operation.Answer is not { } answer || operation.Losses != _losses)
            {
                continue;
            }

            var expected = answer.Status == ReplyStatus.Accepted && !operation.IsRead ? operation.Events : 0;
            if (count != expected)
            {
                throw Violation(expected > 0 ? "I1" : "I5", operation, answer, $"has {count} events in the journal, not {expected}");
            }
        }
    }

    private void OnDefinite(Operation operation, EntityReply reply)
    {
        var isWhole = operation.Losses == _losses;
        if (operation.Answer is { } first)
        {
            if (isWhole && !operation.IsRead && (first.Status, first.Code, first.Version) != (reply.Status, reply.Code, reply.Version))
            {
                throw Violation("I5", operation, reply, $"was answered {first.Status} {first.Code} at {first.Version} before");
            }
        }
        else
        {
            Count(operation, reply);
            operation.Answer = reply;
        }

        if (!isWhole)
        {
            return;
        }

        var isWrite = reply.Status == ReplyStatus.Accepted && !operation.IsRead;
        if (reply.Version < operation.Floor + (isWrite ? operation.Events : 0))
        {
            throw Violation("I4", operation, reply, $"is answered at {reply.Version} although {operation.Floor} was known when it was asked");
        }

        if (reply.Version > world.Store.VersionOf(operation.Entity))
        {
            throw Violation("I1", operation, reply, $"is answered at {reply.Version}, which is not in the journal");
        }

        if (isWrite && world.Store.EventOf(operation.Entity, reply.Version)?.CommandId != operation.CommandId)
        {
            throw Violation("I1", operation, reply, $"is acknowledged at {reply.Version}, where the journal has another command");
        }

        if (reply.Status == ReplyStatus.VersionMismatch && operation.ExpectedVersion == reply.Version)
        {
            throw Violation("I4", operation, reply, "is refused for a version that it expected");
        }

        if (operation.IsRead)
        {
            CheckValue(operation, reply);
        }

        _floors[operation.Entity] = Math.Max(FloorOf(operation.Entity), reply.Version);
    }

    private void Count(Operation operation, EntityReply reply)
    {
        world.Coverage.Met(Situation.AnsweredFromMemory, reply.Replayed ? 1 : 0);
        world.Coverage.Met(Situation.StoredRefusal, reply is { Replayed: true, Status: ReplyStatus.Refused } ? 1 : 0);
        world.Coverage.Met(Situation.ConfirmedRead, operation.IsConfirmed ? 1 : 0);
        if (operation.IsRead)
        {
            world.Coverage.Met(Situation.Read);
        }
        else if (reply.Status is ReplyStatus.Refused or ReplyStatus.VersionMismatch)
        {
            world.Coverage.Met(Situation.Refused);
        }
        else
        {
            Acknowledged++;
            world.Coverage.Met(Situation.Acknowledged);
        }
    }

    private void CheckValue(Operation operation, EntityReply reply)
    {
        if (reply.Body is null)
        {
            return;
        }

        var buffer = new ArrayBufferWriter<byte>(64);
        reply.Body.WriteTo(buffer);
        var value = Number(buffer.WrittenSpan, "value"u8);
        var expected = TotalAt(operation.Entity, reply.Version);
        if (value != expected)
        {
            throw Violation("I4", operation, reply, $"shows {value} where the journal's fold is {expected}");
        }
    }

    private long TotalAt(EntityKey entity, long version)
    {
        if (!_totals.TryGetValue(entity, out var totals))
        {
            _totals.Add(entity, totals = [0]);
        }

        while (totals.Count <= version)
        {
            totals.Add(totals[^1] + Number(world.Store.EventOf(entity, totals.Count)!.Payload.Span, "amount"u8));
        }

        return totals[(int)version];
    }

    private static long Number(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(name))
            {
                reader.Read();
                return reader.GetInt64();
            }
        }

        throw new InvalidOperationException($"There is no {Encoding.UTF8.GetString(name)} in {Encoding.UTF8.GetString(json)}.");
    }

    private static WorldViolationException Violation(string invariant, Operation operation, EntityReply reply, string what) => new(
        invariant, $"{operation.What} of client {operation.Client} to {operation.Entity} ({World.Short(operation.CommandId)}) {what} ({reply.Status} {reply.Code} at {reply.Version})");
}
