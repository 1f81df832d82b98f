using AkkaScale.Entities;
using System.Collections.Immutable;
using AkkaScale.Sharding.Ports;
using AkkaScale.Sharding.Timers;

namespace AkkaScale.Sharding.Entities;

/// <summary>
/// Timers as a fold of the journal: after each event those that are set are compared with those that the state names. A change carries
/// the event's sequence number, so a firing of an older setting is recognised. The rows in the store follow the fold, in the same transaction.
/// </summary>
internal static class TimerSchedule
{
    /// <param name="named">What the state after the event names.</param>
    /// <param name="version">The event's sequence number.</param>
    public static EngineState After(EngineState engine, IReadOnlyList<EntityTimer> named, long version)
    {
        if (named.Count == 0)
        {
            return engine.Timers.IsEmpty ? engine : engine with { Timers = EngineState.Empty.Timers };
        }

        var timers = engine.Timers;
        foreach (var name in engine.Timers.Keys)
        {
            if (!named.Any(timer => timer.Name == name))
            {
                timers = timers.Remove(name);
            }
        }

        foreach (var (name, due) in named)
        {
            if (!timers.TryGetValue(name, out var present) || present.DueAt != due)
            {
                timers = timers.SetItem(name, new TimerSetting(version, due));
            }
        }

        return ReferenceEquals(timers, engine.Timers) ? engine : engine with { Timers = timers };
    }

    /// <summary>What the rows must follow of the way from one fold to another.</summary>
    /// <param name="version">The entity's, after the last event between the two.</param>
    public static List<TimerChange> Changes(EntityKey entity, EngineState before, EngineState after, long version)
    {
        var changes = new List<TimerChange>();
        foreach (var name in before.Timers.Keys)
        {
            if (!after.Timers.ContainsKey(name))
            {
                changes.Add(new TimerChange(entity, name, version, null));
            }
        }

        foreach (var (name, set) in after.Timers)
        {
            if (!before.Timers.TryGetValue(name, out var former) || former != set)
            {
                changes.Add(new TimerChange(entity, name, set.Version, set.DueAt));
            }
        }

        return changes;
    }

    public static bool IsCurrent(EngineState engine, TimerFiring firing) =>
        engine.Timers.TryGetValue(firing.Name, out var set) && set.Version == firing.Version;
}
