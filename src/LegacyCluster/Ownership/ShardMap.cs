namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>The process's map: lives as long as the process, over all its sessions, so that no epoch is ever lowered.</summary>
public sealed class ShardMap(int shardCount) : IShardMap
{
    private readonly Lock _lock = new();
    private volatile ShardMapSnapshot _current = ShardMapSnapshot.Empty(shardCount);
    private TaskCompletionSource _newer = NewSignal();
    private volatile Action? _refresh;

    public ShardMapSnapshot Current => _current;

    public async Task WaitForNewerAsync(long version, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task newer;
            lock (_lock)
            {
                if (_current.Version > version)
                {
                    return;
                }

                newer = _newer.Task;
            }

            await newer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void RequestRefresh() => _refresh?.Invoke();

    /// <summary>Whom to ask for a refresh: the loop of the present session, or nobody between two sessions.</summary>
    internal void RefreshBy(Action? refresh) => _refresh = refresh;

    internal void Publish(ClusterReading reading) => Publish(static (map, reading) => map.With(reading), reading);

    internal void Publish(ShardOwner fact) => Publish(static (map, fact) => map.With(fact), fact);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Publish<T>(Func<ShardMapSnapshot, T, ShardMapSnapshot> next, T news)
    {
        TaskCompletionSource signal;
        lock (_lock)
        {
            var snapshot = next(_current, news);
            if (snapshot.Version == _current.Version)
            {
                return;
            }

            _current = snapshot;
            signal = _newer;
            _newer = NewSignal();
        }

        signal.SetResult();
    }
}
