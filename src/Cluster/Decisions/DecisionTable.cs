using System.Threading.Channels;
using AkkaScale.Cluster.Sessions;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Cluster.Decisions;

/// <summary>
/// What coordinators decided, bounded, by a connection of its own. Nobody waits until a decision is written: they queue, and where the queue is
/// full, since the database is away for long, the next ones are lost, counted, and told of in the log.
/// </summary>
internal sealed partial class DecisionTable : IDisposable
{
    public const int Kept = 100_000;

    /// <summary>Rows between two removals of what is too old.</summary>
    public const int PruneEvery = 1_024;

    private const int MostQueued = 10_000;
    private const int MostAtATime = 256;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SharedSession<IDecisionSession> _session;
    private readonly Channel<ShardDecision> _queue = Channel.CreateBounded<ShardDecision>(
        new BoundedChannelOptions(MostQueued) { SingleReader = true });

    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _lost;
    private int _isWriting;

    /// <param name="patience">After which a caller is told that the database does not answer.</param>
    public DecisionTable(Func<IDecisionSession> open, TimeSpan patience, TimeProvider time, ILogger logger) =>
        (_session, _time, _logger) = (new SharedSession<IDecisionSession>("decision", open, patience, time), time, logger);

    /// <summary>How many could not be kept.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Returns at once. It may be written later, or never.</summary>
    public void Note(ShardDecision decision)
    {
        if (!_queue.Writer.TryWrite(decision))
        {
            Interlocked.Increment(ref _lost);
        }

        if (Interlocked.Exchange(ref _isWriting, 1) == 0)
        {
            _ = Task.Run(WriteAsync);
        }
    }

    /// <inheritdoc cref="IDecisionSession.ReadAfter"/>
    public Task<IReadOnlyList<ShardDecision>> ReadAfterAsync(long nr, int limit) => _session.RunAsync(session => session.ReadAfter(nr, limit));

    /// <inheritdoc cref="IDecisionSession.ReadLatest"/>
    public Task<IReadOnlyList<ShardDecision>> ReadLatestAsync(string region, int shard, int limit) =>
        _session.RunAsync(session => session.ReadLatest(region, shard, limit));

    /// <inheritdoc cref="IDecisionSession.ReadArrivals"/>
    public Task<IReadOnlyList<ShardDecision>> ReadArrivalsAsync(string region, DateTime since) =>
        _session.RunAsync(session => session.ReadArrivals(region, since));

    /// <inheritdoc cref="IDecisionSession.Latest"/>
    public Task<long> LatestAsync() => _session.RunAsync(session => session.Latest());

    public void Dispose()
    {
        _stopping.Cancel();
        _session.Dispose();
    }

    /// <summary>Runs until it is stopped, once there was something to write. What the database did not take is offered to it again.</summary>
    private async Task WriteAsync()
    {
        var batch = new List<ShardDecision>();
        var pruned = 0L;
        var told = 0L;
        while (await ReadAsync(batch))
        {
            try
            {
                // One that was given up may be written still, and is then there twice.
                var offered = batch.ToArray();
                var nr = await _session.RunAsync(session => session.Write(offered));
                batch.Clear();
                if (nr / PruneEvery > pruned)
                {
                    pruned = nr / PruneEvery;
                    await _session.RunAsync(session =>
                    {
                        session.Prune(nr - Kept);
                        return true;
                    });
                }

                if (Lost is var lost && lost > told)
                {
                    LogLost(_logger, lost - told);
                    told = lost;
                }
            }
            catch (Exception) when (!_stopping.IsCancellationRequested)
            {
                await Task.Delay(Pause, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    /// <returns>False: it is being stopped.</returns>
    private async Task<bool> ReadAsync(List<ShardDecision> batch)
    {
        try
        {
            if (batch.Count == 0)
            {
                await _queue.Reader.WaitToReadAsync(_stopping.Token);
            }

            while (batch.Count < MostAtATime && _queue.Reader.TryRead(out var decision))
            {
                batch.Add(decision);
            }

            return !_stopping.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(EventId = 4004, Level = LogLevel.Warning, Message = "{Count} decisions about shards were not kept: the database was away for too long.")]
    private static partial void LogLost(ILogger logger, long count);
}
