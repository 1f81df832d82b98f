using System.Collections.Concurrent;

namespace AkkaScale.Tests.Hostile;

/// <summary>What the bystander saw in a stretch of time.</summary>
internal sealed class Window
{
    private readonly ConcurrentQueue<double> _milliseconds = new();

    public int Count => _milliseconds.Count;

    /// <summary>Answers that were no success, connections that broke.</summary>
    public ConcurrentQueue<string> Troubles { get; } = new();

    public void Add(TimeSpan latency) => _milliseconds.Enqueue(latency.TotalMilliseconds);

    /// <summary>In milliseconds.</summary>
    public double P99()
    {
        var sorted = _milliseconds.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[(int)Math.Ceiling(sorted.Length * 0.99) - 1];
    }
}

/// <summary>The bystander's p99 before and during an attack. Not worse than threefold; below the floor the noise of two cores says more than the attack.</summary>
internal sealed record Slowdown(Window Calm, Window During)
{
    private const double Fold = 3;
    private const double FloorMilliseconds = 250;

    public bool IsTolerable => During.P99() <= Math.Max(Fold * Calm.P99(), FloorMilliseconds);

    public override string ToString() => FormattableString.Invariant(
        $"{Calm.P99():0.0} ms calm ({Calm.Count}), {During.P99():0.0} ms under attack ({During.Count}), {(Calm.P99() > 0 ? During.P99() / Calm.P99() : 0):0.0}-fold");
}
