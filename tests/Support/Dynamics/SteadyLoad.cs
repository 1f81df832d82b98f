using System.Collections.Concurrent;
using System.Diagnostics;
using AkkaScale.TestKit;

namespace AkkaScale.Tests.Support.Dynamics;

/// <summary>
/// Clients at a steady rate, whatever the answers do: comments on many tasks, every fifth request a read. Each command has a key that
/// all its attempts share; an attempt without an answer is repeated at another gateway until the client's deadline.
/// </summary>
public sealed class SteadyLoad : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private const string Project = "dynamics";

    /// <summary>A client that waits for ever on one gateway learns nothing; another one is tried with the same key.</summary>
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(20);

    private static int _loads;

    private readonly string _prefix = $"d{Interlocked.Increment(ref _loads)}";
    private readonly Func<IReadOnlyList<Uri>> _gateways;
    private readonly GatewayClient _client = new(AttemptTimeout);
    private readonly EntityHistory[] _tasks;
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly double _rate;
    private volatile LoadWindow _window = new("start");
    private Task _running = Task.CompletedTask;
    private int _underWay;

    /// <param name="gateways">Those to be used now; asked for every attempt.</param>
    private SteadyLoad(Func<IReadOnlyList<Uri>> gateways, double rate, int tasks)
    {
        _gateways = gateways;
        _rate = rate;
        _tasks = [.. Enumerable.Range(0, tasks).Select(number => new EntityHistory($"{_prefix}-{number}", _violations))];
    }

    /// <summary>Requests that failed, in words.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>What clients saw that must not be.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    public static async Task<SteadyLoad> StartAsync(Func<IReadOnlyList<Uri>> gateways, double rate, int tasks = 400)
    {
        var load = new SteadyLoad(gateways, rate, tasks);
        try
        {
            await load.PrepareAsync();
            load._running = Task.Run(load.RunAsync);
            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on requests that become due count in a new window.</summary>
    public LoadWindow Begin(string name) => _window = new LoadWindow(name);

    /// <summary>Ends the load, waits for what is under way, and reads every task back: its version is at least what was seen.</summary>
    public async Task StopAndReadBackAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await Eventually.Holds("every request has been answered or has failed", Deadline * 2, () =>
            Volatile.Read(ref _underWay) == 0 ? null : $"{_underWay} are under way");
        var window = Begin("read back");
        await Parallel.ForEachAsync(_tasks, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (task, _) =>
            await RequestAsync(task, Stopwatch.GetTimestamp(), isRead: true, "", window));
    }

    /// <summary>
    /// Each acknowledged command's event is in the journal, once, at its acknowledged version; versions without an acknowledgement belong to
    /// requests that failed. Call it when the load has stopped.
    /// </summary>
    public async Task CheckJournalAsync(ManagementClient management)
    {
        await Parallel.ForEachAsync(_tasks, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (task, _) =>
        {
            var comments = (await management.EventsAsync("task", task.Id)).Where(happened => happened.Type == "commented")
                .ToDictionary(happened => happened.Version, happened => happened.Payload.GetProperty("text").GetString()!);
            foreach (var (version, command) in task.Writes.Where(write => write.Key > 1))
            {
                if (!comments.TryGetValue(version, out var text) || text != command)
                {
                    _violations.Enqueue($"{task.Id}: {command} was acknowledged at version {version}, where the journal has {text ?? "nothing"}");
                }
            }

            foreach (var text in comments.Values.GroupBy(text => text).Where(same => same.Count() > 1))
            {
                _violations.Enqueue($"{task.Id}: {text.Key} took effect {text.Count()} times");
            }

            if (_failures.IsEmpty && comments.Count != task.Writes.Count(write => write.Key > 1))
            {
                _violations.Enqueue($"{task.Id}: {task.Writes.Count - 1} comments were acknowledged, the journal has {comments.Count}");
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task PrepareAsync()
    {
        await CreateAsync("/users/tester", new { name = "Tester" });
        await CreateAsync($"/projects/{Project}", new { name = "Dynamics", owner = "tester" });
        await Parallel.ForEachAsync(_tasks, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (task, _) =>
            task.Wrote("created", await CreateAsync($"/tasks/{task.Id}", new { project = Project, title = task.Id }), 0));
    }

    private async Task<long> CreateAsync(string path, object body)
    {
        var version = 0L;
        await Eventually.Holds($"{path} is created", TimeSpan.FromSeconds(60), async () =>
        {
            var answer = await _client.PutAsync(_gateways()[0], path, body, $"{_prefix}-create{path.Replace('/', '-')}");
            version = answer.Version ?? 0;
            return answer.IsSuccess ? null : answer.ToString();
        });
        return version;
    }

    private async Task RunAsync()
    {
        var start = Stopwatch.GetTimestamp();
        var random = new Random(1);
        for (var number = 1L; !_stop.IsCancellationRequested; number++)
        {
            var due = start + (long)(number / _rate * Stopwatch.Frequency);
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (wait > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(wait);
            }

            var task = _tasks[random.Next(_tasks.Length)];
            var (isRead, command, window) = (number % 5 == 0, $"comment {number}", _window);
            Interlocked.Increment(ref _underWay);
            _ = Task.Run(async () =>
            {
                try
                {
                    await RequestAsync(task, due, isRead, command, window);
                }
                catch (Exception e)
                {
                    window.CountFailed();
                    _failures.Enqueue($"{window.Name}: {task.Id} {command}: {e.GetType().Name}: {e.Message}");
                }
                finally
                {
                    Interlocked.Decrement(ref _underWay);
                }
            });
        }
    }

    private async Task RequestAsync(EntityHistory task, long due, bool isRead, string command, LoadWindow window)
    {
        var seenBefore = task.Seen;
        for (var attempt = 0; ; attempt++)
        {
            var gateways = _gateways();
            var gateway = gateways[(int)((uint)(command.GetHashCode() + attempt) % gateways.Count)];
            string trouble;
            try
            {
                var answer = isRead
                    ? await _client.GetAsync(gateway, $"/tasks/{task.Id}")
                    : await _client.PostAsync(gateway, $"/tasks/{task.Id}/comment", new { text = command }, $"{task.Id} {command}".Replace(' ', '-'));
                if (answer is { IsSuccess: true, Version: { } version })
                {
                    window.Answered(task.Id, Stopwatch.GetElapsedTime(due));
                    Note(task, isRead, command, version, seenBefore);
                    return;
                }

                trouble = answer.ToString();
                if ((int)answer.Status is < 500 and not 429)
                {
                    attempt = int.MaxValue - 1;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                trouble = $"{gateway}: {e.GetType().Name}: {e.Message}";
            }

            if (attempt >= int.MaxValue - 1 || Stopwatch.GetElapsedTime(due) > Deadline)
            {
                window.CountFailed();
                _failures.Enqueue($"{window.Name}: {task.Id} {(isRead ? "read" : command)}: {trouble}");
                return;
            }

            window.CountRepeated();
            await Task.Delay(RetryPause);
        }
    }

    private static void Note(EntityHistory task, bool isRead, string command, long version, long seenBefore)
    {
        if (isRead)
        {
            task.Read(version, seenBefore);
        }
        else
        {
            task.Wrote(command, version, seenBefore);
        }
    }
}
