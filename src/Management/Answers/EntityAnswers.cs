using System.Text.Json;
using AkkaScale.Management.Facts;

namespace AkkaScale.Management.Answers;

// The shapes of the management API, as docs/management-api.md lists them: entities and the journal.

internal sealed record WhereAnswer(
    string Kind, string Id, string Region, int Shard, string? Owner, string? OwnerUid, long Epoch, long Version, bool? Resident)
{
    public static WhereAnswer Of(EntityPlace place) => new(
        place.Kind, place.Id, place.Shard.Region, place.Shard.Number, place.Owner, place.OwnerId, place.Epoch, place.Version, place.IsResident);
}

/// <param name="Resident">Null: the owner did not answer within a second.</param>
/// <param name="Source">owner: its memory; journal: folded from snapshot and events.</param>
/// <param name="State">As snapshots have it; null: no events.</param>
internal sealed record EntityStateAnswer(
    string Kind, string Id, string Region, int Shard, string? Owner,
    long Version, bool? Resident, string Source, JsonElement? State)
{
    public static EntityStateAnswer Of(EntityFacts entity) => new(
        entity.Kind, entity.Id, entity.Shard.Region, entity.Shard.Number, entity.Owner, entity.Version, entity.IsResident,
        entity.IsFromMemory ? "owner" : "journal", entity.State);
}

/// <param name="Passivated">False: it was not in memory.</param>
internal sealed record PassivatedAnswer(
    string Kind, string Id, string Region, int Shard, string? Owner,
    bool Passivated)
{
    public static PassivatedAnswer Of(PassivationOutcome outcome) =>
        new(outcome.Kind, outcome.Id, outcome.Shard.Region, outcome.Shard.Number, outcome.Owner, outcome.IsPassivated);
}

internal sealed record EventsAnswer(IReadOnlyList<EventAnswer> Events, long? Next)
{
    public static EventsAnswer Of(EventPage page) => new([.. page.Events.Select(EventAnswer.Of)], page.Next);
}

/// <param name="Epoch">Null: it was written without a fence.</param>
/// <param name="CommandId">Null: not kept with this event.</param>
internal sealed record EventAnswer(
    long Version, string Type, string Region, int Shard,
    long? Epoch, string? CommandId, DateTimeOffset At, JsonElement Payload)
{
    public static EventAnswer Of(EntityEvent stored) => new(
        stored.Version, stored.Type, stored.Shard.Region, stored.Shard.Number, stored.Epoch, stored.CommandId, stored.At,
        stored.Payload);
}

internal sealed record VerifyAnswer(
    string Region, int Shard, long Events, long Entities,
    IReadOnlyList<ViolationAnswer> Violations)
{
    public static VerifyAnswer Of(JournalCheck check) =>
        new(check.Shard.Region, check.Shard.Number, check.Events, check.Entities, [.. check.Violations.Select(ViolationAnswer.Of)]);
}

/// <param name="Invariant">I1, I2 or I3, as the design numbers them.</param>
/// <param name="Entity">Empty: it is a violation of no entity.</param>
internal sealed record ViolationAnswer(string Invariant, string Entity, string Detail)
{
    public static ViolationAnswer Of(JournalViolation found) => new(found.Invariant, found.Entity ?? "", found.Detail);
}

internal sealed record JournalStatsAnswer(int ShardCount, IReadOnlyList<ShardStatsAnswer> Shards, JournalTotalAnswer Total)
{
    public static JournalStatsAnswer Of(JournalFigures figures)
    {
        ShardStatsAnswer[] shards = [.. figures.Shards.Select(ShardStatsAnswer.Of)];
        return new JournalStatsAnswer(figures.ShardCount, shards, JournalTotalAnswer.Of(shards));
    }
}

internal sealed record ShardStatsAnswer(
    string Region, int Shard, long Events, long Entities,
    long Bytes, long Snapshots, long SnapshotBytes)
{
    public static ShardStatsAnswer Of(ShardFigures shard) => new(
        shard.Shard.Region, shard.Shard.Number, shard.Events, shard.Entities, shard.Bytes,
        shard.Snapshots, shard.SnapshotBytes);
}

/// <param name="Shards">How many were read.</param>
internal sealed record JournalTotalAnswer(int Shards, long Events, long Entities, long Bytes, long Snapshots, long SnapshotBytes)
{
    public static JournalTotalAnswer Of(IReadOnlyList<ShardStatsAnswer> shards) => new(
        shards.Count, shards.Sum(shard => shard.Events), shards.Sum(shard => shard.Entities), shards.Sum(shard => shard.Bytes),
        shards.Sum(shard => shard.Snapshots), shards.Sum(shard => shard.SnapshotBytes));
}
