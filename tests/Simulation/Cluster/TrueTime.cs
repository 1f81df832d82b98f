namespace AkkaScale.Tests.Simulation.Cluster;

/// <summary>The time that no process can read, and everything that is still to happen; one thread.</summary>
internal sealed class TrueTime
{
    private readonly PriorityQueue<Action, (long At, long Order)> _actions = new();
    private long _order;

    public TimeSpan Now { get; private set; }

    public long Steps { get; private set; }

    public void After(TimeSpan delay, Action action) => _actions.Enqueue(action, ((Now + delay).Ticks, _order++));

    /// <summary>Lets the next thing happen if it does so before the end.</summary>
    public bool Step(TimeSpan end)
    {
        if (!_actions.TryPeek(out var action, out var next) || next.At > end.Ticks)
        {
            Now = end;
            return false;
        }

        _actions.Dequeue();
        Now = TimeSpan.FromTicks(next.At);
        Steps++;
        action();
        return true;
    }
}
