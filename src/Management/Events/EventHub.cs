using Akka.Actor;
using Akka.Cluster;
using AkkaScale.Cluster.Members;
using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Inspection;
using AkkaScale.Sharding.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using AkkaEvent = Akka.Cluster.ClusterEvent;

namespace AkkaScale.Management.Events;

/// <summary>
/// Tells listeners what happens in the cluster: what Akka's cluster publishes, and what coordinators publish of shards' homes. The audit
/// log alone has no events: it is read for listeners, once a second, and only for those who asked for it.
/// </summary>
internal sealed partial class EventHub : BackgroundService
{
    public const int MaxSubscribers = 32;

    /// <summary>Below <c>/user</c>.</summary>
    private const string ActorName = "akkascale-events";

    private const int AuditPage = 256;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>A call that has not ended by then is told as it is.</summary>
    private static readonly TimeSpan PatienceForOutcome = TimeSpan.FromSeconds(10);

    private readonly INodeState _node;
    private readonly SystemInspection _inspection;
    private readonly TimeProvider _time;
    private readonly ILogger<EventHub> _logger;
    private readonly Lock _lock = new();
    private readonly List<EventSubscription> _subscriptions = [];
    private readonly ClusterPicture _picture;
    private ShardHomes _homes = new();
    private AuditNews? _auditNews;

    public EventHub(INodeState node, SystemInspection inspection, TimeProvider time, ILogger<EventHub> logger)
    {
        (_node, _inspection, _time, _logger) = (node, inspection, time, logger);
        _picture = new ClusterPicture(RowOf);
    }

    /// <summary>Null: there are as many as there may be.</summary>
    /// <exception cref="FactsUnavailableException">This node knows nothing of the cluster at the moment.</exception>
    public EventSubscription? Subscribe(EventFilter filter)
    {
        var subscription = new EventSubscription(filter, Remove);
        lock (_lock)
        {
            if (_subscriptions.Count == MaxSubscribers)
            {
                return null;
            }

            if (!_picture.IsKnown)
            {
                throw new FactsUnavailableException("This node is not a member at the moment; see /ready.");
            }

            subscription.Offer(_picture.Describe(_time.GetUtcNow()));
            _subscriptions.Add(subscription);
        }

        return subscription;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var system = await _node.Started.WaitAsync(stoppingToken);
            system.ActorOf(ClusterEventActor.Props(Take), ActorName);
            while (!stoppingToken.IsCancellationRequested)
            {
                await TellAsync(SteeredRegions.For(system), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // This node stops.
        }
        finally
        {
            EndAll();
        }
    }

    private async Task TellAsync(SteeredRegions regions, CancellationToken stoppingToken)
    {
        var changed = regions.Map.WaitForChangeAsync();
        try
        {
            TellHomes(regions);
            await TellAuditAsync();
            await changed.WaitAsync(LongestPause, _time, stoppingToken);
        }
        catch (TimeoutException)
        {
            // Nothing has changed; the audit log may have.
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // Streams end, so that who listens knows that something was missed; who comes again begins anew.
            LogFault(_logger, fault);
            EndAll();
            _homes = new ShardHomes();
            await Task.Delay(LongestPause, _time, stoppingToken);
        }
    }

    /// <summary>Called by the actor that subscribes to Akka's events, in their order.</summary>
    private void Take(object message)
    {
        lock (_lock)
        {
            if (message is AkkaEvent.CurrentClusterState state)
            {
                _picture.Begin(state);
            }
            else if (message is AkkaEvent.IClusterDomainEvent happened && _picture.Take(happened, _time.GetUtcNow()) is { } told)
            {
                Tell([told]);
            }
        }
    }

    private void TellHomes(SteeredRegions regions)
    {
        foreach (var region in regions.All)
        {
            if (regions.Map.Find(region.Name) is { } map)
            {
                var changes = _homes.Take(region.Name, map.Homes, NameOf, _time.GetUtcNow());
                lock (_lock)
                {
                    Tell(changes);
                }
            }
        }
    }

    private async Task TellAuditAsync()
    {
        if (!WantsAudit())
        {
            _auditNews = null;
            return;
        }

        try
        {
            var rows = await SystemInspection.AskAsync(() => _inspection.Membership().Audit.ReadAsync(long.MaxValue, AuditPage));
            _auditNews ??= new AuditNews(PatienceForOutcome);
            var news = _auditNews.Take(rows, _time.GetUtcNow().UtcDateTime);
            lock (_lock)
            {
                Tell([.. news.Select(row => new AuditWritten(row.At, AuditEntryAnswer.Of(row)))]);
            }
        }
        catch (FactsUnavailableException)
        {
            // Told when the database answers again.
        }
    }

    private void Tell(IReadOnlyList<ClusterEvent> events)
    {
        foreach (var happened in events)
        {
            _subscriptions.RemoveAll(subscription => !subscription.Offer(happened));
        }
    }

    private NodeRow? RowOf(Member member) =>
        _inspection.Membership().Snapshot.Find(member.Address.ToString(), member.UniqueAddress.Uid);

    private string NameOf(string address) =>
        _inspection.Membership().Members.LastOrDefault(row => row.IsLive && row.Address == address)?.Name ?? address;

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
