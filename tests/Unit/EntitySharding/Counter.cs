using System.Text.Json.Serialization;
using AkkaScale.Entities;

namespace AkkaScale.Tests.Unit.EntitySharding;

/// <summary>A small entity for these tests.</summary>
public sealed record Counter(int Value);

[JsonDerivedType(typeof(Add), "add")]
[JsonDerivedType(typeof(AddEach), "add-each")]
[JsonDerivedType(typeof(Get), "get")]
[JsonDerivedType(typeof(Explode), "explode")]
public abstract record CounterCommand;

/// <summary>Zero changes nothing, negative is refused.</summary>
public sealed record Add(int Amount) : CounterCommand;

public sealed record AddEach(int[] Amounts) : CounterCommand;

public sealed record Get : CounterCommand;

public sealed record Explode : CounterCommand;

[JsonDerivedType(typeof(Added), "added")]
public abstract record CounterEvent;

public sealed record Added(int Amount) : CounterEvent;

internal static class CounterKind
{
    public static EntityKind<Counter, CounterCommand, CounterEvent> Create(int snapshotEvery = 100)
    {
        var kind = EntityKind.Define<Counter, CounterCommand, CounterEvent>("counter", new Counter(0), Decide, Evolve);
        kind.SnapshotEvery = snapshotEvery;
        return kind;
    }

    private static Decision<CounterEvent> Decide(Counter state, CounterCommand command) => command switch
    {
        Add { Amount: 0 } or Get => Decision<CounterEvent>.Unchanged,
        Add { Amount: < 0 } => new Refusal("counter/negative", "A counter only grows."),
        Add add => new Added(add.Amount),
        AddEach each => Decision<CounterEvent>.Accept([.. each.Amounts.Select(amount => new Added(amount))]),
        _ => throw new InvalidOperationException("boom"),
    };

    private static Counter Evolve(Counter state, CounterEvent happened) => new(state.Value + ((Added)happened).Amount);
}
