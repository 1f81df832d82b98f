namespace AkkaScale.Entities;

/// <summary>What a command comes to: events, nothing to change, or a refusal. Default is "nothing to change".</summary>
public readonly struct Decision<TEvent>
{
    private readonly TEvent[]? _events;

    private Decision(TEvent[]? events, Refusal? refusal)
    {
        _events = events;
        Refusal = refusal;
    }

    public IReadOnlyList<TEvent> Events => _events ?? [];

    public Refusal? Refusal { get; }

    public static Decision<TEvent> Unchanged => default;

    public static Decision<TEvent> Accept(params TEvent[] events) => new(events, null);

    public static Decision<TEvent> Refuse(string code, string detail) => new(null, new Refusal(code, detail));

    public static implicit operator Decision<TEvent>(TEvent happened) => new([happened], null);

    public static implicit operator Decision<TEvent>(Refusal refusal) => new(null, refusal);
}
