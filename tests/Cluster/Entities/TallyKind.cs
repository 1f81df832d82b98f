using System.Text.Json.Serialization;
using AkkaScale.Entities;

namespace AkkaScale.Tests.Cluster.Entities;

/// <summary>A small kind of entity for the tests of its actor.</summary>
public sealed record Tally(int Value);

[JsonDerivedType(typeof(Add), "add")]
[JsonDerivedType(typeof(Show), "show")]
public abstract record TallyCommand;

/// <summary>Zero changes nothing, negative is refused, above one makes an event for each.</summary>
public sealed record Add(int Amount) : TallyCommand;

public sealed record Show : TallyCommand;

[JsonDerivedType(typeof(Added), "added")]
public abstract record TallyEvent;

public sealed record Added : TallyEvent;

internal static class TallyKind
{
    public const string Name = "tally";

    public static EntityKind<Tally, TallyCommand, TallyEvent> Create(int snapshotEvery)
    {
        var kind = EntityKind.Define<Tally, TallyCommand, TallyEvent>(Name, new Tally(0), Decide, (state, _) => new Tally(state.Value + 1));
        kind.SnapshotEvery = snapshotEvery;
        return kind;
    }

    private static Decision<TallyEvent> Decide(Tally state, TallyCommand command) => command switch
    {
        Add { Amount: < 0 } => new Refusal("tally/negative", "It only grows."),
        Add add => Decision<TallyEvent>.Accept([.. Enumerable.Repeat(new Added(), add.Amount)]),
        _ => Decision<TallyEvent>.Unchanged,
    };
}
