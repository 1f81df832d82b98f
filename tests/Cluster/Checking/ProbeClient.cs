using System.Diagnostics;
using AkkaScale.Journal.Verification;
using AkkaScale.Tests.Cluster.Hosting;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Checking;

/// <summary>Sends commands to entities of all shards through all nodes, and remembers what it was told.</summary>
internal sealed class ProbeClient : IAsyncDisposable
{
    private const int EntitiesOfAShard = 2;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(150);

    private readonly CancellationTokenSource _soft = new();
    private readonly CancellationTokenSource _hard = new();
    private readonly Task _running;

    public ProbeClient(ProbeShards shards, Func<IReadOnlyList<IProbeNode>> nodes)
    {
        Traffic = [.. shards.Entities(EntitiesOfAShard).Select((ids, shard) => new ShardTraffic($"{shard}", ids, nodes, Pace))];
        _running = Task.WhenAll(Traffic.Select(each => Task.Run(() => each.RunAsync(_soft.Token, _hard.Token))));
    }

    public IReadOnlyList<ShardTraffic> Traffic { get; }

    public IReadOnlyList<Acknowledgement> Acknowledged =>
        [.. Traffic.SelectMany(each => each.Entities.SelectMany(each.AcknowledgedOf))];

    /// <summary>A command that is sent from now on is answered, in every shard.</summary>
    public async Task EveryShardAnswersAsync(TimeSpan within, string when)
    {
        var (from, silent) = (Stopwatch.GetTimestamp(), Traffic);
        while ((silent = [.. silent.Where(each => !each.AnsweredSince(from))]).Count > 0)
        {
            Assert.True(
                Stopwatch.GetElapsedTime(from) < within,
                $"{when}: the shards {string.Join(", ", silent.Select(each => each.Shard))} gave no answer within {within}.");
            await Task.Delay(50);
        }
    }

    /// <summary>The longest time without an answer, over all shards, of which some lies after the moment.</summary>
    public TimeSpan LongestSilenceSince(long moment) => Traffic.Max(each =>
    {
        var (last, longest) = (moment, TimeSpan.Zero);
        foreach (var answer in each.Answers.Where(answer => answer.AnsweredAt > moment))
        {
            longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(last, answer.AnsweredAt).Ticks));
            last = answer.AnsweredAt;
        }

        return TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(last).Ticks));
    });

    /// <summary>Ends when every command has its answer; what has none by then stays open.</summary>
    public async Task StopAsync(TimeSpan within)
    {
        await _soft.CancelAsync();
        _hard.CancelAfter(within);
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        _soft.Dispose();
        _hard.Dispose();
    }
}
