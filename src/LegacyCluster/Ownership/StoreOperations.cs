using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Membership;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>
/// Carries out store operations on tasks it owns, each within a deadline, and turns what comes back into inputs. Every
/// operation is answered exactly once; the machines bound how many are under way.
/// </summary>
internal sealed partial class StoreOperations(ClusterEnvironment environment, Incarnation self, Action<ClusterInput> answer, ILogger log)
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<Task> _running = [];
    private readonly ILogger _log = log;

    // An acquire waits at most a third of the lease for row locks; beyond a whole lease no answer is worth waiting for.
    private TimeSpan WriteTimeout => environment.Options.LeaseTtl;

    private TimeSpan ReadTimeout => environment.Options.LeaseTtl / 2;

    public void Begin(ClusterEffect effect) => Run(() => effect switch
    {
        ClusterEffect.ChangeStatus change => ChangeStatusAsync(change),
        ClusterEffect.PublishUnreachable publish => PublishAsync(publish),
        ClusterEffect.ClaimCoordinator claim => ClaimAsync(claim),
        ClusterEffect.WriteTargets write => WriteTargetsAsync(write),
        ClusterEffect.Acquire acquire => AcquireAsync(acquire),
        ClusterEffect.Release release => ReleaseAsync(release),
        ClusterEffect.HandOverShards handOver => HandOverAsync(handOver),
        _ => throw new ArgumentException($"Not a store operation: {effect}", nameof(effect)),
    });

    public void BeginPoll(PollTicket ticket, TimeSpan sentAt, Action<LoopEvent.PollEnded> ended) => Run(async () =>
    {
        using var deadline = Deadline(ReadTimeout);
        try
        {
            var reading = await environment.Store.ReadAsync(deadline.Token).ConfigureAwait(false);
            ended(new LoopEvent.PollEnded(reading, null, ticket, sentAt));
        }
        catch (Exception exception)
        {
            LogUnexpected(exception, "reading the cluster");
            ended(new LoopEvent.PollEnded(null, exception, ticket, sentAt));
        }
    });

    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running).ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>On the pool, because an embedded store may do all its work before its first await.</summary>
    private void Run(Func<Task> operation)
    {
        _running.RemoveWhere(static task => task.IsCompleted);
        _running.Add(Task.Run(operation));
    }

    private async Task ChangeStatusAsync(ClusterEffect.ChangeStatus effect)
    {
        var outcome = await WriteAsync(token => environment.Store.ChangeStatusAsync(effect.Change, token), "a change of status").ConfigureAwait(false);
        answer(new ClusterInput.StatusAnswered(effect.Generation, outcome));
    }

    private async Task PublishAsync(ClusterEffect.PublishUnreachable effect)
    {
        var outcome = await WriteAsync(
            token => environment.Store.PublishUnreachableAsync(self, effect.Peers, token), "publishing unreachable members").ConfigureAwait(false);
        answer(new ClusterInput.UnreachablePublished(effect.Generation, outcome));
    }

    private async Task ClaimAsync(ClusterEffect.ClaimCoordinator effect)
    {
        var outcome = await WriteAsync(
            token => environment.Store.ClaimCoordinatorAsync(effect.Expected, self, token), "a claim of the coordinator's term").ConfigureAwait(false);
        answer(new ClusterInput.CoordinatorAnswered(effect.Generation, outcome));
    }

    private async Task WriteTargetsAsync(ClusterEffect.WriteTargets effect)
    {
        var outcome = await WriteAsync(
            token => environment.Store.WriteTargetsAsync(effect.Term, effect.Targets, token), "writing targets").ConfigureAwait(false);
        if (outcome == WriteOutcome.Applied)
        {
            LogTargets(effect.Targets.Length, effect.Term.Term, effect.Targets[0].Reason);
        }

        answer(new ClusterInput.CoordinatorAnswered(effect.Generation, outcome));
    }

    private async Task AcquireAsync(ClusterEffect.Acquire effect)
    {
        var granted = await ChangeShardsAsync(
            effect.Delay, token => environment.Store.AcquireAsync(self, effect.Claims, effect.AcquiredBy, token), "acquiring shards").ConfigureAwait(false);
        if (granted is { Length: > 0 } shards)
        {
            environment.Metrics.Acquired(effect.AcquiredBy, shards.Length);
            LogAcquired(shards.Length, effect.Claims.Length, effect.AcquiredBy);
        }

        answer(new ClusterInput.AcquireAnswered(effect.Generation, granted));
    }

    private async Task ReleaseAsync(ClusterEffect.Release effect)
    {
        var released = await ChangeShardsAsync(
            effect.Delay, token => environment.Store.ReleaseAsync(self, effect.Shards, token), "releasing shards").ConfigureAwait(false);
        if (released is { Length: > 0 } shards)
        {
            environment.Metrics.Released(shards.Length);
            LogReleased(shards.Length);
        }

        answer(new ClusterInput.ReleaseAnswered(effect.Generation, released));
    }

    private async Task HandOverAsync(ClusterEffect.HandOverShards effect)
    {
        var given = await ChangeShardsAsync(
            effect.Delay, token => environment.Store.HandOverAsync(self, effect.Shards, token), "giving shards away").ConfigureAwait(false);
        if (given is { Length: > 0 } shards)
        {
            environment.Metrics.HandedOver(shards.Length);
            LogHandedOver(shards.Length, effect.Shards.Length);
        }

        answer(new ClusterInput.HandOverAnswered(effect.Generation, given));
    }

    /// <summary>Null: the outcome is unknown, whatever the reason.</summary>
    private async Task<ImmutableArray<ShardEpoch>?> ChangeShardsAsync(
        TimeSpan delay, Func<CancellationToken, Task<IReadOnlyList<ShardEpoch>>> change, string what)
    {
        using var deadline = Deadline(WriteTimeout + delay);
        try
        {
            if (delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, environment.Time, deadline.Token).ConfigureAwait(false);
            }

            return [.. await change(deadline.Token).ConfigureAwait(false)];
        }
        catch (Exception exception)
        {
            LogUnexpected(exception, what);
            return null;
        }
    }

    private async Task<WriteOutcome> WriteAsync(Func<CancellationToken, Task<WriteOutcome>> write, string what)
    {
        using var deadline = Deadline(WriteTimeout);
        try
        {
            return await write(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogUnexpected(exception, what);
            return WriteOutcome.Unknown;
        }
    }

    private DeadlineToken Deadline(TimeSpan timeout) => new(timeout, environment.Time, _stop.Token);

    /// <summary>An unreachable store is said once, by the loop; anything else is a fault of the program and is shown each time.</summary>
    private void LogUnexpected(Exception exception, string what)
    {
        if (exception is not (StoreUnavailableException or OperationCanceledException))
        {
            LogFailed(exception, what);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected failure at {What}; its outcome counts as unknown")]
    private partial void LogFailed(Exception exception, string what);

    [LoggerMessage(Level = LogLevel.Information, Message = "Acquired {Granted} of {Claimed} shards ({AcquiredBy})")]
    private partial void LogAcquired(int granted, int claimed, string acquiredBy);

    [LoggerMessage(Level = LogLevel.Information, Message = "Gave {Given} of {Asked} shards to their targets")]
    private partial void LogHandedOver(int given, int asked);

    [LoggerMessage(Level = LogLevel.Information, Message = "Released {Shards} shards")]
    private partial void LogReleased(int shards);

    [LoggerMessage(Level = LogLevel.Information, Message = "Wrote {Targets} targets (term {Term}); the first because {Reason}")]
    private partial void LogTargets(int targets, long term, string reason);

    /// <summary>Cancelled after a time or when the loop stops.</summary>
    private sealed class DeadlineToken : IDisposable
    {
        private readonly CancellationTokenSource _timeout;
        private readonly CancellationTokenSource _linked;

        public DeadlineToken(TimeSpan timeout, TimeProvider time, CancellationToken stop)
        {
            _timeout = new CancellationTokenSource(timeout, time);
            _linked = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, stop);
        }

        public CancellationToken Token => _linked.Token;

        public void Dispose()
        {
            _linked.Dispose();
            _timeout.Dispose();
        }
    }
}
