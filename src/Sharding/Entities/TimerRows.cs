using AkkaScale.Entities;
using AkkaScale.Sharding.Ports;
using AkkaScale.Sharding.Shards;

namespace AkkaScale.Sharding.Entities;

/// <summary>
/// What becomes of a timer's row when it fires. In every case the row changes: one that stayed as it is would be due again at the next look.
/// The answer waits for that write, so that the same row is not delivered again in between.
/// </summary>
internal static class TimerRows
{
    /// <summary>After a fault of the kind's code the timer comes again so much later: the next release may know better.</summary>
    public static readonly TimeSpan RetryAfterFault = TimeSpan.FromMinutes(1);

    /// <summary>The row is not what the entity knows (a firing that was under way while the timer moved, or another reading of the past): it is written anew.</summary>
    public static void PutRight(ShardState shard, EntityState entity, ShardInput.Ask ask, List<ShardEffect> effects)
    {
        var firing = ask.Firing!;
        var reply = new EntityReply(ReplyStatus.Unchanged, "", "The timer is not set as it fired.", entity.Version, false, false, null);
        Write(shard, entity, ask, reply, Known(entity, firing.Name) ?? Removal(entity, ask), effects);
    }

    /// <summary>The timer's command was done before: nothing is left but the row.</summary>
    public static void Remove(ShardState shard, EntityState entity, ShardInput.Ask ask, EntityReply reply, List<ShardEffect> effects) =>
        Write(shard, entity, ask, reply, Removal(entity, ask), effects);

    /// <summary>The kind's code failed.</summary>
    public static void Postpone(
        ShardState shard, EntityState entity, ShardInput.Ask ask, EntityReply reply, DateTimeOffset at, List<ShardEffect> effects) =>
        Write(shard, entity, ask, reply, Removal(entity, ask) with { DueAt = at + RetryAfterFault }, effects);

    /// <summary>What a command's events change. The row of the timer whose command it is goes, unless its events have set it anew.</summary>
    public static IReadOnlyList<TimerChange> Changes(EntityState entity, EngineState before, ShardInput.Ask ask)
    {
        if (ask.Firing is null && ReferenceEquals(before.Timers, entity.Engine.Timers))
        {
            return [];
        }

        var changes = TimerSchedule.Changes(entity.Key, before, entity.Engine, entity.Version);
        if (ask.Firing is { } firing && !changes.Any(change => change.Name == firing.Name))
        {
            changes.Add(Removal(entity, ask));
        }

        return changes;
    }

    public static TimerChange Removal(EntityState entity, ShardInput.Ask ask) =>
        new(entity.Key, ask.Firing!.Name, ask.Firing.Version, null);

    private static TimerChange? Known(EntityState entity, string name) =>
        entity.Engine.Timers.TryGetValue(name, out var set) ? new TimerChange(entity.Key, name, set.Version, set.DueAt) : null;

    private static void Write(
        ShardState shard, EntityState entity, ShardInput.Ask ask, EntityReply reply, TimerChange change, List<ShardEffect> effects)
    {
        var write = new ShardWrite(shard.NextToken++, shard.Generation, entity) { Timers = [change], Bytes = EntityMachine.RowOverheadBytes };
        entity.Unanswered++;
        write.Hold(ask, reply);
        EntityMachine.Append(shard, write, effects);
    }
}
