namespace AkkaScale.LegacySharding.Recovery;

/// <summary>What is to be loaded, in the order of request. Not thread-safe.</summary>
/// <param name="most">Loads at the same time, whatever the governor allows.</param>
internal sealed class RecoveryQueue<TLoad>(int most)
    where TLoad : notnull
{
    private readonly Queue<TLoad> _waiting = new();
    private int _underWay;

    public int Waiting => _waiting.Count;

    public void Request(TLoad load) => _waiting.Enqueue(load);

    /// <summary>
    /// The next load that may begin under this limit. A quarter of the most may always be under way, even when the store is slow,
    /// since every load answers somebody.
    /// </summary>
    public bool TryTake(int limit, out TLoad load)
    {
        if (_underWay < Math.Min(most, Math.Max(limit, most / 4)) && _waiting.TryDequeue(out load!))
        {
            _underWay++;
            return true;
        }

        load = default!;
        return false;
    }

    public void Finish() => _underWay--;
}
