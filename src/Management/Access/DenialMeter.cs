namespace AkkaScale.Management.Access;

/// <summary>
/// How many denied calls are written down: so many at once, and one for each interval after that. The others are counted, and the next that is written says how
/// many they were. Pure; time is an input. Not thread-safe.
/// </summary>
internal sealed class DenialMeter(int burst, TimeSpan interval)
{
    private double _left = burst;
    private TimeSpan _at;
    private long _silent;

    /// <summary>Null: this one is only counted. Else how many were since the last that was written.</summary>
    public long? Take(TimeSpan now)
    {
        _left = Math.Min(burst, _left + ((now - _at) / interval));
        _at = now;
        if (_left < 1)
        {
            _silent++;
            return null;
        }

        _left--;
        var silent = _silent;
        _silent = 0;
        return silent;
    }
}
