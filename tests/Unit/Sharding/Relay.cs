using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;

namespace AkkaScale.Tests.Unit.Sharding;

/// <summary>An entity that sends numbered letters to others of its kind and takes theirs, for the engine's tests.</summary>
/// <param name="Sent">By receiver: how many.</param>
/// <param name="Taken">By sender: the number of the last one taken.</param>
public sealed record Relay(ImmutableSortedDictionary<string, int> Sent, ImmutableSortedDictionary<string, int> Taken)
{
    public static Relay Initial { get; } = new(
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal), ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal));
}

[JsonDerivedType(typeof(SendTo), "send")]
[JsonDerivedType(typeof(Take), "take")]
[JsonDerivedType(typeof(LookAt), "look")]
public abstract record RelayCommand;

/// <summary>One letter to each, in order; each is an event of its own.</summary>
public sealed record SendTo(string[] Receivers) : RelayCommand;

/// <summary>Makes the code fail if <see cref="RelayKind.Fails"/> says so; numbers divisible by 7 are refused, by 5 change nothing.</summary>
public sealed record Take(string Sender, int Number) : RelayCommand;

public sealed record LookAt : RelayCommand;

[JsonDerivedType(typeof(LetterSent), "sent")]
[JsonDerivedType(typeof(LetterTaken), "taken")]
public abstract record RelayEvent;

public sealed record LetterSent(string Receiver, int Number) : RelayEvent;

public sealed record LetterTaken(string Sender, int Number) : RelayEvent;

internal sealed class RelayKind
{
    public const string Name = "relay";

    public RelayKind(int snapshotEvery = 100)
    {
        var kind = EntityKind.Define<Relay, RelayCommand, RelayEvent>(Name, Relay.Initial, Decide, Evolve);
        kind.SnapshotEvery = snapshotEvery;
        kind.Messages = (_, happened, id) => happened is LetterSent sent ? [new EntityMessage(Name, sent.Receiver, new Take(id, sent.Number))] : [];
        Kinds = new EntityKindRegistry([kind, CounterKind.Create()]);
        Kind = kind;
    }

    public IEntityKind Kind { get; }

    public EntityKindRegistry Kinds { get; }

    /// <summary>Asked for every letter.</summary>
    public Func<Take, bool> Fails { get; set; } = _ => false;

    public static bool IsTaken(int number) => number % 7 != 0 && number % 5 != 0;

    private Decision<RelayEvent> Decide(Relay state, RelayCommand command, CommandContext context) => command switch
    {
        SendTo send => Decision<RelayEvent>.Accept([.. Number(state, send.Receivers)]),
        Take take when Fails(take) => throw new InvalidOperationException("boom"),
        Take take when take.Sender != context.Sender?.Id => throw new InvalidOperationException("The sender is not who it says."),
        Take take when take.Number % 7 == 0 => new Refusal("relay/seven", "No sevens."),
        Take take when take.Number % 5 == 0 => Decision<RelayEvent>.Unchanged,
        Take take => new LetterTaken(take.Sender, take.Number),
        _ => Decision<RelayEvent>.Unchanged,
    };

    private static IEnumerable<RelayEvent> Number(Relay state, string[] receivers)
    {
        foreach (var receiver in receivers)
        {
            state = Evolve(state, new LetterSent(receiver, state.Sent.GetValueOrDefault(receiver) + 1));
            yield return new LetterSent(receiver, state.Sent[receiver]);
        }
    }

    private static Relay Evolve(Relay state, RelayEvent happened) => happened switch
    {
        LetterSent sent => state with { Sent = state.Sent.SetItem(sent.Receiver, sent.Number) },
        LetterTaken taken => state with { Taken = state.Taken.SetItem(taken.Sender, taken.Number) },
        _ => state,
    };

    private static Relay Evolve(Relay state, RelayEvent happened, EventContext context) => Evolve(state, happened);
}
