namespace AkkaScale.LegacySharding.Recovery;

/// <summary>
/// How many entities may be loaded at the same time: one more while the store answers as fast as it can, three tenths fewer when it takes more
/// than twice as long, so that recovery leaves room for appends. Pure: durations come in, a limit comes out.
/// </summary>
/// <remarks>
/// What a call takes depends on how much it carries, so each call is compared with the fastest of its own kind and size (in powers of two).
/// While one entity at a time is loaded it is not recovery that slows the store down; the baseline creeps upwards then, else a store that has become slower
/// for good would be taken for a busy one for ever. (Creeping always, it followed the load that recovery itself made, up to the most.) Differences below a few milliseconds
/// say nothing about load; a fixed latency target was rejected because it would have to be set anew for each store.
/// </remarks>
internal sealed class RecoveryGovernor
{
    private const double Tolerance = 2;
    private const double Decrease = 0.7;
    private const double Creep = 0.001;

    // One stall of seconds counts as much as a call ten times as slow: as bad as it gets, but one call.
    private const double WorstRatio = 10;
    private const int SizeClasses = 32;

    private static readonly TimeSpan Negligible = TimeSpan.FromMilliseconds(2);

    private readonly int _most;
    private readonly double[] _baselines = new double[SizeClasses * Enum.GetValues<StoreCall>().Length];
    private double _limit;
    private double _ratios;
    private int _observed;

    public RecoveryGovernor(int most)
    {
        _most = most;
        _limit = Math.Max(1, most / 4);
    }

    /// <summary>From 1 to the most.</summary>
    public int Limit => (int)_limit;

    /// <param name="size">Events carried.</param>
    public void Observe(StoreCall call, int size, TimeSpan took)
    {
        ref var baseline = ref _baselines[(int)call * SizeClasses + System.Numerics.BitOperations.Log2((uint)Math.Max(1, size))];
        var milliseconds = Math.Max(took.TotalMilliseconds, 0);
        if (baseline == 0 || milliseconds < baseline)
        {
            baseline = milliseconds;
        }
        else if (Limit == 1)
        {
            baseline += (milliseconds - baseline) * Creep;
        }

        _ratios += Math.Min(WorstRatio, milliseconds / Math.Max(baseline, Negligible.TotalMilliseconds));

        // As many calls as may be under way: by then the last change shows.
        if (++_observed < Limit)
        {
            return;
        }

        _limit = _ratios / _observed > Tolerance ? Math.Max(1, _limit * Decrease) : Math.Min(_most, _limit + 1);
        (_ratios, _observed) = (0, 0);
    }
}

internal enum StoreCall
{
    /// <summary>One batch.</summary>
    Append,

    /// <summary>One entity.</summary>
    Load,
}
