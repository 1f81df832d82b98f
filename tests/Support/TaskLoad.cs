using System.Collections.Concurrent;
using System.Text.Json;
using AkkaScale.TestKit;
using Xunit;

namespace AkkaScale.Tests.Support;

/// <summary>
/// A client under load: workers comment on tasks of their own, one command of a task after the other, every command
/// under a key of its own that all its attempts share. What was acknowledged is remembered and read back at the end. Several loads may
/// run on one cluster, one after the other: each has tasks of its own.
/// </summary>
public sealed class TaskLoad : IAsyncDisposable
{
    private const string Project = "load";

    private static readonly TimeSpan CommandBound = TimeSpan.FromSeconds(45);
    /// <summary>Of a worker after each command: a load that takes the whole processor would slow down what it is to watch.</summary>
    private static readonly TimeSpan Think = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ProgressBound = TimeSpan.FromSeconds(60);

    private static int _loads;

    private readonly string _prefix = $"load{Interlocked.Increment(ref _loads)}";
    private readonly CancellationTokenSource _stop = new();
    private readonly GatewayClient _client;
    private readonly IReadOnlyList<Uri> _gateways;
    private readonly int[] _preferred; // by worker: how often it has moved on to the next gateway
    private readonly ConcurrentDictionary<string, long> _acknowledged = new();
    private readonly ConcurrentQueue<LoadTrouble> _troubles = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private Task _workers = Task.CompletedTask;
    private long _commands;
    private long _longestWait; // ticks of TimeSpan

    private TaskLoad(IReadOnlyList<Uri> gateways, int workers, TimeSpan attemptTimeout)
    {
        _gateways = gateways;
        _preferred = Enumerable.Range(0, workers).ToArray();
        _client = new GatewayClient(attemptTimeout);
    }

    /// <summary>Commands acknowledged so far.</summary>
    public long Commands => Interlocked.Read(ref _commands);

    /// <summary>The longest time from the first attempt of a command to its acknowledgement.</summary>
    public TimeSpan LongestWait => TimeSpan.FromTicks(Interlocked.Read(ref _longestWait));

    /// <summary>Attempts that a client noticed: an error status, a lost or refused connection, a timeout. Retried, not lost.</summary>
    public IReadOnlyCollection<LoadTrouble> Troubles => _troubles;

    /// <summary>After <see cref="StopAndCheckAsync"/>: by task the version it was acknowledged at last, the number of its acknowledged commands.</summary>
    public IReadOnlyDictionary<string, long> Acknowledged => _acknowledged;

    /// <summary>
    /// The journal's rows that are the load's: an event for each command of a task, and an answer each for the user and the project, whether
    /// it made them or found them there.
    /// </summary>
    public long Rows => Acknowledged.Values.Sum() + 2;

    /// <summary>One of its tasks, that is there from the start.</summary>
    public string FirstTask => $"{_prefix}-w0-t0";

    /// <summary>Starts a load that runs until <see cref="StopAndCheckAsync"/>.</summary>
    /// <param name="gateways">Tried in turn: a worker stays with one until it fails.</param>
    /// <param name="attemptTimeout">After it an attempt is given up and repeated, with the same key, on the next gateway.</param>
    public static async Task<TaskLoad> StartAsync(IReadOnlyList<Uri> gateways, int workers = 16, int tasksPerWorker = 8, TimeSpan? attemptTimeout = null)
    {
        var load = new TaskLoad(gateways, workers, attemptTimeout ?? TimeSpan.FromSeconds(20));
        try
        {
            await load.ExpectAsync(HttpMethod.Put, "/users/tester", new { name = "Tester" }, $"{load._prefix}-user", 0);
            await load.ExpectAsync(HttpMethod.Put, $"/projects/{Project}", new { name = "Load", owner = "tester" }, $"{load._prefix}-project", 0);
            load._workers = Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(() => load.WorkAsync(worker, tasksPerWorker))));
            await load.ProgressAsync(workers * tasksPerWorker);
            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until that many further commands were acknowledged.</summary>
    public Task ProgressAsync(long commands)
    {
        var goal = Commands + commands;
        return Eventually.Holds($"{commands} more commands are acknowledged", ProgressBound, () =>
            !_failures.IsEmpty ? throw new Xunit.Sdk.XunitException(string.Join('\n', _failures))
            : Commands >= goal ? null : $"{goal - Commands} are missing; {string.Join("; ", _troubles.TakeLast(3))}");
    }

    /// <summary>
    /// Ends the load and reads everything back. A command under way is tried on until it is acknowledged, so none has an unknown outcome.
    /// </summary>
    public async Task StopAndCheckAsync()
    {
        await _stop.CancelAsync();
        await _workers;
        Assert.True(_failures.IsEmpty, string.Join('\n', _failures));
        await Parallel.ForEachAsync(_acknowledged, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (task, _) => await ReadBackAsync(task.Key, task.Value));
    }

    /// <summary>One line for the test's output.</summary>
    public override string ToString() =>
        $"{Commands} commands acknowledged, {_troubles.Count} attempts repeated, longest wait {LongestWait.TotalSeconds:0.00} s";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _workers;
        _client.Dispose();
        _stop.Dispose();
    }

    internal static string CommentText(string task, long number) => $"{task} comment {number}";

    private async Task WorkAsync(int worker, int tasks)
    {
        try
        {
            for (var task = 0; task < tasks; task++)
            {
                var id = $"{_prefix}-w{worker}-t{task}";
                var version = await ExpectAsync(HttpMethod.Put, $"/tasks/{id}", new { project = Project, title = id }, $"create-{id}", worker);
                Acknowledge(id, version, expected: 1);
            }

            for (var number = 1L; !_stop.IsCancellationRequested; number++)
            {
                for (var task = 0; task < tasks && !_stop.IsCancellationRequested; task++)
                {
                    var id = $"{_prefix}-w{worker}-t{task}";
                    var version = await ExpectAsync(HttpMethod.Post, $"/tasks/{id}/comment", new { text = CommentText(id, number) }, $"comment-{id}-{number}", worker);
                    Acknowledge(id, version, expected: number + 1);
                    await Task.Delay(Think);
                }
            }
        }
        catch (Exception e)
        {
            _failures.Enqueue($"worker {worker}: {e.Message}");
        }
    }

    private void Acknowledge(string task, long version, long expected)
    {
        if (version != expected)
        {
            throw new InvalidOperationException($"{task} was acknowledged at version {version} where {expected} comes next: a command was lost or took effect twice");
        }

        _acknowledged[task] = version;
        Interlocked.Increment(ref _commands);
    }

    private void NoteWait(TimeSpan wait)
    {
        var longest = Interlocked.Read(ref _longestWait);
        while (wait.Ticks > longest)
        {
            var seen = Interlocked.CompareExchange(ref _longestWait, wait.Ticks, longest);
            if (seen == longest)
            {
                return;
            }

            longest = seen;
        }
    }

    /// <summary>Repeats one command under one key until it is acknowledged; a refusal, or no answer in time, is a failure.</summary>
    private async Task<long> ExpectAsync(HttpMethod method, string path, object body, string key, int worker)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var attempt = 0; ; attempt++)
        {
            var gateway = _gateways[_preferred[worker] % _gateways.Count];
            LoadTrouble trouble;
            try
            {
                var answer = await _client.SendAsync(method, gateway, path, body, key);
                if (answer.IsSuccess)
                {
                    NoteWait(clock.Elapsed);
                    return answer.Version ?? throw new InvalidOperationException($"{path} answered without a version: {answer}");
                }

                trouble = new LoadTrouble(LoadTroubleKind.ErrorAnswer, gateway, $"{method} {path} attempt {attempt + 1}: {answer}");
                if ((int)answer.Status is < 500 and not 429)
                {
                    throw new InvalidOperationException($"{method} {path} ({key}, attempt {attempt + 1}) was refused: {answer}");
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                var kind = e is OperationCanceledException ? LoadTroubleKind.Silence : LoadTroubleKind.Disconnected;
                trouble = new LoadTrouble(kind, gateway, $"{method} {path} attempt {attempt + 1}: {e.GetType().Name}: {e.Message}");
            }

            _preferred[worker]++;
            _troubles.Enqueue(trouble);
            if (clock.Elapsed > CommandBound)
            {
                throw new InvalidOperationException($"{method} {path} ({key}) was not acknowledged within {CommandBound.TotalSeconds} s; last: {trouble}");
            }

            await Task.Delay(RetryPause);
        }
    }

    /// <summary>The entity must be at the acknowledged version, with every comment once and in order.</summary>
    private async Task ReadBackAsync(string task, long version)
    {
        var gateway = await AnsweringGatewayAsync($"/tasks/{task}");
        var state = await _client.GetAsync(gateway, $"/tasks/{task}");
        Assert.True(state.Version == version, $"{task} was acknowledged at version {version} and reads back as {state}");

        var texts = new List<string>();
        for (var after = 0L; texts.Count < version - 1;)
        {
            var page = await _client.GetAsync(gateway, $"/tasks/{task}/comments?after={after}&limit=500");
            Assert.True(page.IsSuccess, page.ToString());
            var items = page.Member("items")!.Value.EnumerateArray().ToList();
            Assert.True(items.Count > 0, $"{task} has {texts.Count} comments where {version - 1} were acknowledged");
            texts.AddRange(items.Select(item => item.GetProperty("text").GetString()!));
            after = items[^1].GetProperty("version").GetInt64();
        }

        Assert.Equal(Enumerable.Range(1, (int)version - 1).Select(number => CommentText(task, number)), texts);
    }

    private async Task<Uri> AnsweringGatewayAsync(string path)
    {
        Uri? found = null;
        await Eventually.Holds($"a gateway answers {path}", TimeSpan.FromSeconds(20), async () =>
        {
            var seen = "no gateway was asked";
            foreach (var gateway in _gateways)
            {
                try
                {
                    var answer = await _client.GetAsync(gateway, path);
                    if (answer.IsSuccess)
                    {
                        found = gateway;
                        return null;
                    }

                    seen = answer.ToString();
                }
                catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException)
                {
                    seen = e.Message;
                }
            }

            return seen;
        });
        return found!;
    }
}
