namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>True time, and everything that is still to happen; one thread.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Action, (long At, long Order)> _actions = new();
    private long _order;

    public TimeSpan Now { get; private set; }

    public long Steps { get; private set; }

    /// <summary>Called after every step.</summary>
    public Action Check { get; set; } = static () => { };

    public void After(TimeSpan delay, Action action) => _actions.Enqueue(action, ((Now + delay).Ticks, _order++));

    public void RunUntil(TimeSpan end)
    {
        while (_actions.TryPeek(out var action, out var next) && next.At <= end.Ticks)
        {
            _actions.Dequeue();
            Now = TimeSpan.FromTicks(next.At);
            Steps++;
            action();
            Check();
        }

        Now = end;
    }
}
