using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;

namespace AkkaScale.Tests.Unit.Sharding;

/// <summary>An entity whose state is timers: it rings when told by one of them, in the way its mode says. Remembered while one is set.</summary>
public sealed record Alarm(ImmutableSortedDictionary<string, DateTimeOffset> Set, int Rung, AlarmMode Mode)
{
    public static Alarm Silent { get; } = new(ImmutableSortedDictionary<string, DateTimeOffset>.Empty, 0, AlarmMode.Rings);
}

public enum AlarmMode
{
    Rings,

    /// <summary>Rings, but leaves the timer in its state.</summary>
    KeepsTimer,

    Refuses,

    Fails,
}

[JsonDerivedType(typeof(SetAlarm), "set")]
[JsonDerivedType(typeof(SetTwice), "set-twice")]
[JsonDerivedType(typeof(CancelAlarm), "cancel")]
[JsonDerivedType(typeof(ChangeMode), "mode")]
[JsonDerivedType(typeof(Ring), "ring")]
[JsonDerivedType(typeof(Look), "look")]
public abstract record AlarmCommand;

public sealed record SetAlarm(string Name, DateTimeOffset Due) : AlarmCommand;

/// <summary>Two events: the first sets the alarm, the second another one.</summary>
public sealed record SetTwice(string First, string Second, DateTimeOffset Due) : AlarmCommand;

public sealed record CancelAlarm(string Name) : AlarmCommand;

public sealed record ChangeMode(AlarmMode Mode) : AlarmCommand;

public sealed record Ring(string Name) : AlarmCommand;

public sealed record Look : AlarmCommand;

[JsonDerivedType(typeof(AlarmWasSet), "set")]
[JsonDerivedType(typeof(AlarmWasCancelled), "cancelled")]
[JsonDerivedType(typeof(ModeChanged), "mode")]
[JsonDerivedType(typeof(Rang), "rang")]
public abstract record AlarmEvent;

public sealed record AlarmWasSet(string Name, DateTimeOffset Due) : AlarmEvent;

public sealed record AlarmWasCancelled(string Name) : AlarmEvent;

public sealed record ModeChanged(AlarmMode Mode) : AlarmEvent;

/// <param name="Timer">What the context said.</param>
public sealed record Rang(string Name, string Timer) : AlarmEvent;

internal static class AlarmKind
{
    public static EntityKind<Alarm, AlarmCommand, AlarmEvent> Create(int snapshotEvery = 100)
    {
        var kind = EntityKind.Define<Alarm, AlarmCommand, AlarmEvent>("alarm", Alarm.Silent, Decide, Evolve);
        kind.SnapshotEvery = snapshotEvery;
        kind.Timers = state => state.Set.Select(alarm => new EntityTimer(alarm.Key, alarm.Value));
        kind.TimerCommand = name => new Ring(name);
        kind.Remembers = state => !state.Set.IsEmpty;
        return kind;
    }

    private static Decision<AlarmEvent> Decide(Alarm state, AlarmCommand command, CommandContext context) => command switch
    {
        SetAlarm set => new AlarmWasSet(set.Name, set.Due),
        SetTwice set => Decision<AlarmEvent>.Accept(new AlarmWasSet(set.First, set.Due), new AlarmWasSet(set.Second, set.Due)),
        CancelAlarm cancel => new AlarmWasCancelled(cancel.Name),
        ChangeMode change => new ModeChanged(change.Mode),
        Ring when state.Mode == AlarmMode.Refuses => new Refusal("alarm/quiet", "Not now."),
        Ring when state.Mode == AlarmMode.Fails => throw new InvalidOperationException("boom"),
        Ring ring => state.Set.ContainsKey(ring.Name) ? new Rang(ring.Name, context.Timer ?? "") : Decision<AlarmEvent>.Unchanged,
        _ => Decision<AlarmEvent>.Unchanged,
    };

    private static Alarm Evolve(Alarm state, AlarmEvent happened, EventContext context) => happened switch
    {
        AlarmWasSet set => state with { Set = state.Set.SetItem(set.Name, set.Due) },
        AlarmWasCancelled cancelled => state with { Set = state.Set.Remove(cancelled.Name) },
        ModeChanged changed => state with { Mode = changed.Mode },
        Rang rang => state with { Rung = state.Rung + 1, Set = state.Mode == AlarmMode.KeepsTimer ? state.Set : state.Set.Remove(rang.Name) },
        _ => throw new InvalidOperationException("unknown event"),
    };
}
