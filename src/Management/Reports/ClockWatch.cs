namespace AkkaScale.Management.Reports;

/// <summary>
/// Counts jumps of this process' wall clock, seen against the monotonic one. Nothing is decided by it: times in events go by the
/// wall clock, and an operator should know when it cannot be relied on.
/// </summary>
internal sealed class ClockWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Beyond what slewing and a late look come to within an interval.</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private DateTimeOffset _wall;
    private long _monotonic;
    private int _steps;

    public ClockWatch(TimeProvider time)
    {
        _time = time;
        (_wall, _monotonic) = (time.GetUtcNow(), time.GetTimestamp());
        _timer = time.CreateTimer(_ => Look(), null, Interval, Interval);
    }

    public ClockReport Report()
    {
        Look();
        return new ClockReport(_time.GetUtcNow(), Volatile.Read(ref _steps));
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_lock)
        {
            var (wall, monotonic) = (_time.GetUtcNow(), _time.GetTimestamp());
            var jump = wall - _wall - _time.GetElapsedTime(_monotonic, monotonic);
            if (jump.Duration() > Jump)
            {
                _steps++;
            }

            (_wall, _monotonic) = (wall, monotonic);
        }
    }
}
