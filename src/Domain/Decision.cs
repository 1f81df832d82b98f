namespace AkkaScale.Domain;

/// <summary>What a command comes to: events, nothing to change, or a refusal. Default is "nothing to change".</summary>
/// <remarks>Equal in meaning to the engine's type of this name, which this project may not see; the host maps one to the other.</remarks>
public readonly struct Decision<TEvent>
{
    private readonly TEvent[]? _events;

    private Decision(TEvent[]? events, Refusal? refusal)
    {
        _events = events;
        Refusal = refusal;
    }

    public static Decision<TEvent> Unchanged => default;

    /// <summary>In the order in which they are to be folded; empty when unchanged or refused.</summary>
    public IReadOnlyList<TEvent> Events => _events ?? [];

    public Refusal? Refusal { get; }

    public static Decision<TEvent> Accept(params TEvent[] events) => new(events, null);

    public static implicit operator Decision<TEvent>(TEvent happened) => new([happened], null);

    public static implicit operator Decision<TEvent>(Refusal refusal) => new(null, refusal);
}
