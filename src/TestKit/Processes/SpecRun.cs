namespace AkkaScale.TestKit.Processes;

/// <summary>Scripts of several roles under way, and the barriers at which they meet.</summary>
internal sealed class SpecRun
{
    private readonly IReadOnlyList<(string Role, Func<SpecRole, Task> Script)> _scripts;
    private readonly MultiNodeSpec _spec;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Barrier> _barriers = [];
    private readonly Dictionary<string, string> _whereabouts = [];
    private readonly HashSet<string> _ended = [];
    private Exception? _failure;

    public SpecRun(MultiNodeSpec spec, IReadOnlyList<(string Role, Func<SpecRole, Task> Script)> scripts)
    {
        (_spec, _scripts) = (spec, scripts);
        foreach (var (role, _) in scripts)
        {
            if (!_whereabouts.TryAdd(role, "in its script"))
            {
                throw new ArgumentException($"Role {role} has two scripts.", nameof(scripts));
            }
        }
    }

    public CancellationToken Stop => _stop.Token;

    public async Task RunAsync(TimeSpan within)
    {
        var running = Task.WhenAll(_scripts.Select(script => Task.Run(() => RunAsync(script.Role, script.Script))));
        var isLate = await Task.WhenAny(running, Task.Delay(within)) != running;
        if (isLate)
        {
            lock (_lock)
            {
                _failure ??= new SpecFailedException(
                    $"The scripts did not end within {within.TotalSeconds:0.#} s. {string.Join("; ", _whereabouts.Select(role => $"{role.Key} is {role.Value}"))}.");
            }

            await _stop.CancelAsync();

            // A script that does not listen is left behind: its processes are ended with the spec.
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(5)));
        }

        if (_failure is { } failure)
        {
            throw failure is SpecFailedException ? failure : new SpecFailedException(failure.Message, failure);
        }
    }

    public async Task BarrierAsync(SpecRole role, string name)
    {
        Task all;
        lock (_lock)
        {
            if (!_barriers.TryGetValue(name, out var barrier))
            {
                _barriers.Add(name, barrier = new Barrier());
            }

            if (!barrier.Arrived.Add(role.Name))
            {
                throw new SpecFailedException($"{role.Name} comes to barrier \"{name}\" for the second time: give each meeting a name of its own.");
            }

            _whereabouts[role.Name] = $"at barrier \"{name}\"";
            Settle(name, barrier);
            all = barrier.All.Task;
        }

        await all.WaitAsync(_stop.Token);
        lock (_lock)
        {
            _whereabouts[role.Name] = $"past barrier \"{name}\"";
        }
    }

    private async Task RunAsync(string role, Func<SpecRole, Task> script)
    {
        try
        {
            await script(new SpecRole(this, _spec, role));
            lock (_lock)
            {
                _ended.Add(role);
                _whereabouts[role] = "at its end";
                foreach (var (name, barrier) in _barriers)
                {
                    Settle(name, barrier);
                }
            }
        }
        catch (Exception exception)
        {
            lock (_lock)
            {
                _whereabouts[role] = $"stopped by {exception.GetType().Name}";
                _failure ??= exception is OperationCanceledException && _stop.IsCancellationRequested
                    ? null
                    : new SpecFailedException($"The script of {role} failed: {exception.Message}", exception);
            }

            await _stop.CancelAsync();
        }
    }

    private void Settle(string name, Barrier barrier)
    {
        var missing = _scripts.Select(script => script.Role).Where(role => !barrier.Arrived.Contains(role)).ToArray();
        if (missing.Length == 0)
        {
            barrier.All.TrySetResult();
        }
        else if (missing.FirstOrDefault(_ended.Contains) is { } gone)
        {
            barrier.All.TrySetException(new SpecFailedException($"The script of {gone} has ended without coming to barrier \"{name}\"."));
        }
    }

    private sealed class Barrier
    {
        public HashSet<string> Arrived { get; } = [];

        public TaskCompletionSource All { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
