namespace AkkaScale.Sharding.Recovery;

/// <summary>
/// What is to be loaded, and in which order: what somebody waits for (heads, requested entities) before remembered entities. Not thread-safe.
/// </summary>
/// <param name="most">Loads at the same time, whatever the governor allows.</param>
internal sealed class RecoveryQueue<TLoad>(int most)
    where TLoad : notnull
{
    private readonly Queue<TLoad> _requested = new();
    private readonly Queue<TLoad> _remembered = new();

    // Of those in the queue of remembered ones; what is not here was requested since and stands in the other.
    private readonly HashSet<TLoad> _waiting = [];
    private readonly HashSet<TLoad> _rememberedUnderWay = [];
    private int _underWay;

    /// <summary>Remembered entities that wait.</summary>
    public int RememberedWaiting => _waiting.Count;

    public int Waiting => _requested.Count + _waiting.Count;

    /// <summary>A load that is waited for. One that was remembered moves forward; one under way is not begun again.</summary>
    public void Request(TLoad load)
    {
        if (!_rememberedUnderWay.Contains(load))
        {
            _waiting.Remove(load);
            _requested.Enqueue(load);
        }
    }

    public void Remember(TLoad load)
    {
        if (_waiting.Add(load))
        {
            _remembered.Enqueue(load);
        }
    }

    /// <summary>
    /// The next load that may begin under this limit. What is waited for gets a quarter of the most even when the store is slow, since every load
    /// answers somebody; remembered entities get at most half of the limit, and nothing while anything is waited for.
    /// </summary>
    public bool TryTake(int limit, out TLoad load)
    {
        if (_requested.Count > 0)
        {
            if (_underWay < Math.Min(most, Math.Max(limit, most / 4)))
            {
                load = _requested.Dequeue();
                _underWay++;
                return true;
            }
        }
        else if (_underWay < Math.Min(most, limit) && _rememberedUnderWay.Count < Math.Max(1, limit / 2))
        {
            while (_remembered.TryDequeue(out load!))
            {
                if (_waiting.Remove(load))
                {
                    _rememberedUnderWay.Add(load);
                    _underWay++;
                    return true;
                }
            }
        }

        load = default!;
        return false;
    }

    public void Finish(TLoad load)
    {
        _rememberedUnderWay.Remove(load);
        _underWay--;
    }
}
