namespace AkkaScale.Sharding.Routing;

/// <summary>One command on its way through all its attempts: which home its shard had when the last one was sent.</summary>
internal sealed class Journey(string region, int shard, ShardMapView map)
{
    private readonly Lock _lock = new();
    private AskMachine? _machine;
    private string? _home;
    private bool _isPause;

    // Told once of each home: it may stay the last known one for a while after it has gone.
    private bool _wasGone;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AskMachine Machine(bool isRead, TimeSpan attemptTimeout) => _machine ??= new AskMachine(isRead, attemptTimeout);

    /// <summary>
    /// An attempt is sent. The task completes when it may be lost: the home that it went to is the shard's no longer. A shard that had none is
    /// given what waits for it when it gets one.
    /// </summary>
    public Task BeginAttempt() => Begin(isPause: false);

    /// <summary>Nothing is under way. The task completes when the shard has another home.</summary>
    public Task BeginPause() => Begin(isPause: true);

    /// <param name="isMember">Whether there is a member at an address that others reach.</param>
    public void Look(Func<string, bool> isMember)
    {
        lock (_lock)
        {
            var isOther = map.HomeOf(region, shard) != _home && (_isPause || _home is not null);
            if (isOther || (_home is not null && !_wasGone && !isMember(_home)))
            {
                _wasGone = true;
                _changed.TrySetResult();
            }
        }
    }

    private Task Begin(bool isPause)
    {
        lock (_lock)
        {
            var home = map.HomeOf(region, shard);
            _wasGone &= home == _home;
            (_home, _isPause) = (home, isPause);
            if (_changed.Task.IsCompleted)
            {
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return _changed.Task;
        }
    }
}
