namespace AkkaScale.Cluster.Downing;

/// <summary>For how long one member was unreachable within a window that ends now: a ring of slices, so that its size is fixed.</summary>
/// <remarks>A list of the single times would grow with the number of changes, which a bad link decides.</remarks>
internal sealed class UnreachableTime(TimeSpan window)
{
    private const int Slices = 30;

    private readonly TimeSpan _slice = window / Slices;
    private readonly TimeSpan[] _times = new TimeSpan[Slices];
    private long _newest = long.MinValue;

    public bool IsEmpty => Array.TrueForAll(_times, time => time == TimeSpan.Zero);

    public TimeSpan Sum => _times.Aggregate(TimeSpan.Zero, (sum, time) => sum + time);

    /// <summary>Adds a time that ends now; it is put into the slice of now whole.</summary>
    public void Add(TimeSpan now, TimeSpan time)
    {
        Advance(now);
        _times[Index(_newest)] += time;
    }

    /// <summary>Forgets what is older than the window.</summary>
    public void Advance(TimeSpan now)
    {
        var slice = now.Ticks / _slice.Ticks;
        if (_newest == long.MinValue || slice - _newest >= Slices)
        {
            Array.Clear(_times);
        }
        else
        {
            for (var passed = _newest + 1; passed <= slice; passed++)
            {
                _times[Index(passed)] = TimeSpan.Zero;
            }
        }

        _newest = slice;
    }

    private static int Index(long slice) => (int)(((slice % Slices) + Slices) % Slices);
}
