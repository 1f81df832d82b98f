using AkkaScale.Hosting.EngineFacts;
using AkkaScale.Hosting.Management;
using AkkaScale.Hosting.Options;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Audit;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Hosting.Events;

/// <summary>
/// Tells listeners what changes in the cluster, from the readings that this node makes anyway. Does nothing while nobody listens; the audit log alone is read
/// for listeners, once a second, and only for those who asked for it.
/// </summary>
internal sealed partial class EventHub(Engine engine, ShardMap map, AkkaScaleOptions options, TimeProvider time, ILogger<EventHub> logger)
    : BackgroundService
{
    public const int MaxSubscribers = 32;

    private const int AuditPage = 256;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>A call that has not ended by then is told as it is.</summary>
    private static readonly TimeSpan PatienceForOutcome = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly List<EventSubscription> _subscriptions = [];
    private readonly SemaphoreSlim _someoneCame = new(0, 1);
    private ClusterSight? _sight;
    private long _auditTold;
    private long _auditReadAt;

    /// <summary>Null: there are as many as there may be.</summary>
    /// <exception cref="StoreUnavailableException">This node knows nothing of the cluster at the moment.</exception>
    public EventSubscription? Subscribe(EventFilter filter)
    {
        var subscription = new EventSubscription(filter, Remove);
        lock (_lock)
        {
            if (_subscriptions.Count == MaxSubscribers)
            {
                return null;
            }

            // While nobody listens the last sight grows old.
            _sight = (_subscriptions.Count == 0 ? null : _sight) ?? Look() ?? throw new StoreUnavailableException("This node is not a member at the moment; see /ready.");
            subscription.Offer(_sight.Describe(time.GetUtcNow()));
            _subscriptions.Add(subscription);
            if (_someoneCame.CurrentCount == 0)
            {
                _someoneCame.Release();
            }
        }

        return subscription;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _someoneCame.WaitAsync(stoppingToken);
                await TellAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                EndAll();
            }
            catch (Exception fault)
            {
                // Streams end, so that who listens knows that it has missed something; who comes again begins anew.
                LogFault(logger, fault);
                EndAll();
            }
        }
    }

    private async Task TellAsync(CancellationToken stoppingToken)
    {
        _auditTold = -1;
        while (HasSubscribers())
        {
            var version = map.Current.Version;
            TellCluster();
            await TellAuditAsync(stoppingToken);
            await PauseAsync(version, stoppingToken);
        }
    }

    private void TellCluster()
    {
        lock (_lock)
        {
            if (_sight is not { } before || Look() is not { } after)
            {
                return;
            }

            _sight = after;
            Tell(SightDifference.Between(before, after, time.GetUtcNow()));
        }
    }

    private void Tell(IReadOnlyList<ClusterEvent> events)
    {
        foreach (var happened in events)
        {
            _subscriptions.RemoveAll(subscription => !subscription.Offer(happened));
        }
    }

    private async Task TellAuditAsync(CancellationToken cancellationToken)
    {
        if (!WantsAudit() || (_auditTold >= 0 && time.GetElapsedTime(_auditReadAt) < LongestPause) || engine.Session is not { } session)
        {
            return;
        }

        _auditReadAt = time.GetTimestamp();
        try
        {
            var rows = await session.Store.Audit.ReadAuditAsync(long.MaxValue, AuditPage, cancellationToken);
            if (_auditTold < 0)
            {
                _auditTold = rows.Count == 0 ? 0 : rows[0].Nr;
                return;
            }

            // In order of their numbers: one that is not over holds back those after it, for a while.
            var news = rows.Where(row => row.Nr > _auditTold).Reverse()
                .TakeWhile(row => row.Outcome != AuditOutcome.Unknown || time.GetUtcNow() - row.At > PatienceForOutcome).ToList();
            lock (_lock)
            {
                Tell([.. news.Select(row => new AuditWritten(row.At, AuditEndpoints.Show(row)))]);
            }

            _auditTold = news.Count == 0 ? _auditTold : news[^1].Nr;
        }
        catch (Exception silence) when (silence is StoreUnavailableException or ObjectDisposedException)
        {
            // Told when the store answers again.
        }
    }

    private async Task PauseAsync(long version, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var newer = map.WaitForNewerAsync(version, bound.Token);
        var pause = Task.Delay(LongestPause, time, bound.Token);
        await Task.WhenAny(newer, pause);
        await bound.CancelAsync();
        await Task.WhenAll(newer, pause).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private ClusterSight? Look() => engine.Session is { } session && session.Cluster.View.Reading is { } reading
        ? ClusterSight.Of(options.Cluster.Name, reading, (observer, member) => ClusterInspection.DoesNotReach(session, observer, member))
        : null;

    private bool HasSubscribers()
    {
        lock (_lock)
        {
            return _subscriptions.Count > 0;
        }
    }

    private bool WantsAudit()
    {
        lock (_lock)
        {
            return _subscriptions.Any(subscription => subscription.Wants(nameof(AuditWritten)));
        }
    }

    private void Remove(EventSubscription subscription)
    {
        lock (_lock)
        {
            _subscriptions.Remove(subscription);
        }
    }

    private void EndAll()
    {
        lock (_lock)
        {
            _subscriptions.ForEach(subscription => subscription.End());
            _subscriptions.Clear();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The stream of cluster events has failed and begins anew")]
    private static partial void LogFault(ILogger logger, Exception fault);
}
