using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using AkkaScale.TestKit;
using Xunit;

namespace AkkaScale.Tests.Support;

/// <summary>
/// Writers and readers on one single entity, through several gateways. A read, and an acknowledgement, must be at least at the highest version that
/// anybody had seen when it was asked for: that is what a stale read would break.
/// </summary>
public sealed class HotEntityLoad : IAsyncDisposable
{
    private static int _loads;

    private static readonly TimeSpan CommandBound = TimeSpan.FromSeconds(30);
    /// <summary>Of a reader after each answer: it leaves others some of the processor.</summary>
    private static readonly TimeSpan Think = TimeSpan.FromMilliseconds(4);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly GatewayClient _client = new(TimeSpan.FromSeconds(5));
    private readonly IReadOnlyList<Uri> _gateways;
    private readonly ConcurrentDictionary<long, string> _acknowledged = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private Task _workers = Task.CompletedTask;
    private long _seen;
    private long _reads;
    private long _troubles;
    private long _longestWait;

    private HotEntityLoad(IReadOnlyList<Uri> gateways) => _gateways = gateways;

    /// <summary>Of the task: each load has one of its own.</summary>
    public string Id { get; } = $"hot-{Interlocked.Increment(ref _loads)}";

    private string Path => $"/tasks/{Id}";

    public long Writes => _acknowledged.Count;

    /// <summary>The journal's rows that are the load's: its task's events, and an answer each for the user and the project.</summary>
    public long Rows => Writes + 3;

    public long Reads => Interlocked.Read(ref _reads);

    public static async Task<HotEntityLoad> StartAsync(IReadOnlyList<Uri> gateways, int writers = 6, int readers = 10)
    {
        var load = new HotEntityLoad(gateways);
        try
        {
            await load.ExpectAsync(HttpMethod.Put, "/users/tester", new { name = "Tester" }, $"{load.Id}-user", 0);
            await load.ExpectAsync(HttpMethod.Put, "/projects/load", new { name = "Load", owner = "tester" }, $"{load.Id}-project", 0);
            load.Note(await load.ExpectAsync(HttpMethod.Put, load.Path, new { project = "load", title = "hot" }, $"{load.Id}-create", 0));
            load._workers = Task.WhenAll(
            [
                .. Enumerable.Range(0, writers).Select(writer => Task.Run(() => load.GuardAsync(() => load.WriteAsync(writer)))),
                .. Enumerable.Range(0, readers).Select(reader => Task.Run(() => load.GuardAsync(() => load.ReadAsync(reader)))),
            ]);
            await load.ProgressAsync(50);
            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for that many further writes and as many reads.</summary>
    public Task ProgressAsync(long count)
    {
        var (writes, reads) = (Writes + count, Reads + count);
        return Eventually.Holds($"{count} more writes and reads are answered", TimeSpan.FromSeconds(60), () =>
            !_failures.IsEmpty ? throw new Xunit.Sdk.XunitException(string.Join('\n', _failures.Take(5)))
            : Writes >= writes && Reads >= reads ? null : $"{writes - Writes} writes and {reads - Reads} reads are missing");
    }

    /// <summary>Ends the load; no read was stale, and every acknowledged write is in the entity, once.</summary>
    public async Task StopAndCheckAsync()
    {
        await _stop.CancelAsync();
        await _workers;
        Assert.True(_failures.IsEmpty, string.Join('\n', _failures.Take(5)));
        var state = await ExpectAsync(HttpMethod.Get, Path, null, null, 0);
        Assert.Equal(Writes + 1, state);
        Assert.Equal(Enumerable.Range(2, (int)Writes).Select(version => (long)version), _acknowledged.Keys.Order());
    }

    public override string ToString() =>
        $"{Writes} writes and {Reads} reads of one entity, {Interlocked.Read(ref _troubles)} attempts repeated, longest wait {TimeSpan.FromTicks(Interlocked.Read(ref _longestWait)).TotalSeconds:0.00} s";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _workers;
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception failure)
        {
            _failures.Enqueue(failure.Message);
        }
    }

    private async Task WriteAsync(int writer)
    {
        for (var number = 1; !_stop.IsCancellationRequested; number++)
        {
            var seen = Interlocked.Read(ref _seen);
            var key = $"{Id}-{writer}-{number}";
            var version = await ExpectAsync(HttpMethod.Post, $"{Path}/comment", new { text = key }, key, writer);
            if (version <= seen || !_acknowledged.TryAdd(version, key))
            {
                throw new InvalidOperationException($"{key} was acknowledged at version {version}; {seen} was seen before it was asked");
            }

            Note(version);
        }
    }

    private async Task ReadAsync(int reader)
    {
        for (var number = 0; !_stop.IsCancellationRequested; number++)
        {
            var seen = Interlocked.Read(ref _seen);
            var version = await ExpectAsync(HttpMethod.Get, Path, null, null, reader + number);
            if (version < seen)
            {
                throw new InvalidOperationException($"stale read: version {version}, though {seen} was seen before it was asked");
            }

            Note(version);
            Interlocked.Increment(ref _reads);
            await Task.Delay(Think);
        }
    }

    private void Note(long version)
    {
        for (var seen = Interlocked.Read(ref _seen); seen < version;)
        {
            var found = Interlocked.CompareExchange(ref _seen, version, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }

    /// <summary>Asks one gateway after the other until one answers with success; returns the version.</summary>
    private async Task<long> ExpectAsync(HttpMethod method, string path, object? body, string? key, int gateway)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            string trouble;
            try
            {
                var answer = await _client.SendAsync(method, _gateways[gateway++ % _gateways.Count], path, body, key);
                if (answer.IsSuccess && answer.Version is { } version)
                {
                    NoteWait(clock.Elapsed);
                    return version;
                }

                trouble = answer.ToString();
                if ((int)answer.Status is < 500 and not 429)
                {
                    throw new InvalidOperationException($"{method} {path} {key} was refused: {answer}");
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or JsonException)
            {
                trouble = e.Message;
            }

            Interlocked.Increment(ref _troubles);
            if (clock.Elapsed > CommandBound)
            {
                throw new InvalidOperationException($"{method} {path} {key} was not answered within {CommandBound.TotalSeconds} s; last: {trouble}");
            }

            await Task.Delay(RetryPause);
        }
    }

    private void NoteWait(TimeSpan wait)
    {
        for (var longest = Interlocked.Read(ref _longestWait); longest < wait.Ticks;)
        {
            var found = Interlocked.CompareExchange(ref _longestWait, wait.Ticks, longest);
            if (found == longest)
            {
                return;
            }

            longest = found;
        }
    }
}
