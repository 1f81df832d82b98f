namespace AkkaScale.Tests.Simulation;

/// <summary>True time, chance and everything that is still to happen; one thread, and the same seed gives the same run.</summary>
internal sealed class Simulator(int seed)
{
    private const int TraceLength = 200;

    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _agenda = new();
    private readonly Queue<string> _trace = [];
    private long _order;

    public int Seed { get; } = seed;

    public Random Random { get; } = new(seed);

    public TimeSpan Now { get; private set; }

    /// <summary>Called after every step; throws when an invariant is broken.</summary>
    public Action Check { get; set; } = static () => { };

    public void After(TimeSpan delay, Action action) => _agenda.Enqueue(action, (Now + delay, _order++));

    public void RunUntil(TimeSpan end)
    {
        while (_agenda.TryPeek(out _, out var next) && next.At <= end)
        {
            var action = _agenda.Dequeue();
            Now = next.At;
            action();
            Check();
        }

        Now = end;
    }

    public bool Chance(double probability) => Random.NextDouble() < probability;

    public TimeSpan Between(double leastSeconds, double mostSeconds) =>
        TimeSpan.FromSeconds(leastSeconds + (Random.NextDouble() * (mostSeconds - leastSeconds)));

    public void Trace(string line)
    {
        if (_trace.Count == TraceLength)
        {
            _trace.Dequeue();
        }

        _trace.Enqueue(FormattableString.Invariant($"{Now.TotalSeconds,9:0.0000}  {line}"));
    }

    public Exception Violation(string what) => new InvariantViolationException(
        $"""
        {what}
        seed {Seed}; replay: AKKASCALE_SIMULATION_SEED={Seed} dotnet test tests/Simulation --filter FullyQualifiedName~A_fresh_seed
        the last steps:
        {string.Join(Environment.NewLine, _trace)}
        """);
}

internal sealed class InvariantViolationException(string message) : Exception(message);
