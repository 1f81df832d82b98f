using System.Runtime.CompilerServices;
using Akka;
using Akka.Actor;
using Akka.Event;
using AkkaScale.Cluster.Audit;
using AkkaScale.Cluster.Decisions;
using AkkaScale.Cluster.Downing;
using AkkaScale.Cluster.Inspection;
using AkkaScale.Cluster.Joining;
using AkkaScale.Cluster.Leases;
using AkkaScale.Cluster.Liveness;
using AkkaScale.Cluster.Logs;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Orders;
using AkkaScale.Cluster.Storage;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace AkkaScale.Cluster;

/// <summary>
/// This process as a member: its row and its signs of life, what it knows of the others, and the leases it holds. One for each actor system.
/// </summary>
public sealed partial class ClusterMembership : IExtension
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // Together less than Akka gives the phase of the shutdown, by default 5 s.
    private static readonly TimeSpan FlushPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(1);

    // A failure detector is given the system's event stream and nothing else of the system.
    private static readonly ConditionalWeakTable<EventStream, ClusterMembership> ByEvents = [];

    private readonly ExtendedActorSystem _system;
    private readonly ClusterDatabaseSetup _setup;
    private readonly IClusterStore _store;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ServingDeadline _deadline;
    private readonly LivenessLoop _liveness;
    private readonly Lazy<Akka.Cluster.Cluster> _cluster;
    private readonly TaskCompletionSource _endTold = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isEnding;
    private int _ended;
    private volatile bool _leaving;

    internal ClusterMembership(ExtendedActorSystem system)
    {
        _system = system;
        var setup = system.Settings.Setup.Get<ClusterDatabaseSetup>();
        _setup = setup.HasValue ? setup.Value : throw new ClusterRefusedException(
            "The system's plug-ins need a database that was not set up: configure it by WithDatabaseCluster.");
        Map.System = system.Name;
        _logger = new AkkaLogger(Logging.GetLogger(system, typeof(ClusterMembership)));
        _cluster = new Lazy<Akka.Cluster.Cluster>(() => Akka.Cluster.Cluster.Get(system));
        _store = ClusterStores.Create(Options, Incarnation, warning => LogStore(_logger, warning));
        _deadline = new ServingDeadline(Time);
        _liveness = new LivenessLoop(_store, Options, _deadline, EndByLiveness, _logger);
        Observer = new ObserverLoop(_store, Options, Incarnation, End, _logger);
        Leases = new LeaseLoop(_store, Options, _setup.Book, _logger);
        Audit = new AuditTable(_store.OpenAudit, Options.StatementTimeout, Time);
        Decisions = new DecisionTable(_store.OpenDecisions, Options.StatementTimeout, Time, _logger);
        Observer.Wanted = RowsOfMembers;
        Observer.Unknown = MembersWithoutRow;
        Observer.MayDecide = () => IsServing;
        Observer.SomebodyWent = Leases.TryAgain;
        Observer.StopServing = StopServing;
        _setup.DropMemory = Leases.Drop;
        ByEvents.AddOrUpdate(system.EventStream, this);
        system.RegisterOnTermination(Dispose);
    }

    /// <summary>Identifies this start of the process: 32 hexadecimal digits, in order of time.</summary>
    public string Incarnation => _setup.Incarnation;

    /// <summary>
    /// Whether this process may answer for what it holds: its own deadline has not passed. Compared at each call; nothing is lost when it is
    /// false, and it may be true again a moment later.
    /// </summary>
    public bool IsServing => _deadline.IsServing;

    /// <summary>What this process holds, by which epoch.</summary>
    public ILeaseBook Book => _setup.Book;

    public LeaseMap Map => _setup.Map;

    /// <summary>When this process's certificate ends, after which nobody connects to it anew; null: remoting is in plain text.</summary>
    public DateTimeOffset? CertificateEnds => _setup.Certificates?.Own.NotAfter;

    /// <summary>The members as the database had them at the last reading.</summary>
    public IReadOnlyList<NodeRow> Members => [.. Snapshot.Nodes.Values.OrderBy(node => node.Incarnation, StringComparer.Ordinal)];

    /// <summary>Whether nobody has to find out that this process has ended: its row says that it left.</summary>
    internal bool HasLeft => _liveness.HasLeft;

    internal ClusterDatabaseOptions Options => _setup.Options;

    internal TimeProvider Time => Options.Time;

    internal TimeSpan Now => Time.Monotonic();

    internal MembersSnapshot Snapshot => Observer.Snapshot;

    internal ObserverLoop Observer { get; }

    internal LeaseLoop Leases { get; }

    /// <summary>Changing calls of the management API.</summary>
    internal AuditTable Audit { get; }

    /// <summary>What coordinators decide about shards.</summary>
    internal DecisionTable Decisions { get; }

    /// <summary>Whether others may join through this process: it serves, and is of the present generation.</summary>
    internal bool MayBeJoined =>
        IsServing && !_leaving && Snapshot is { Generation: > 0 } snapshot && snapshot.Nodes.GetValueOrDefault(Incarnation) is { IsLive: true } own
        && own.Generation == snapshot.Generation;

    /// <exception cref="ClusterRefusedException">WithDatabaseCluster was not called.</exception>
    public static ClusterMembership For(ActorSystem system) => system.WithExtension<ClusterMembership, ClusterMembershipProvider>();

    internal static ClusterMembership? Find(EventStream events) => ByEvents.TryGetValue(events, out var membership) ? membership : null;

    /// <summary>Says to which shard a persistence id of a region belongs, so that its writes are fenced by that shard's lease.</summary>
    /// <param name="region">Type name, as given to sharding.</param>
    /// <param name="shardOf">Shard id of a persistence id; null for one of another region. Called for every write.</param>
    public void RegisterRegion(string region, Func<string, string?> shardOf) => Map.Register(region, shardOf);

    /// <summary>The lease that an entity's writes need; null for one of no registered region.</summary>
    public string? LeaseOf(string persistenceId) => Map.LeaseOf(persistenceId);

    /// <summary>An operator's word: the incarnation is sent away, and everybody takes it for gone as soon as it is seen to be.</summary>
    /// <returns>False when it was not live.</returns>
    public Task<bool> SendAwayAsync(string incarnation, string reason) =>
        Observer.Commands.RunAsync(session => session.SendAway(incarnation, reason));

    /// <summary>The newest incarnations in any state, newest first.</summary>
    public Task<IReadOnlyList<NodeRow>> HistoryAsync(int limit) => Observer.Commands.RunAsync(session => session.History(limit));

    /// <summary>
    /// Writes an operator's order about a shard in place of an earlier one for the same shard. The allocation strategy of the shard's region
    /// carries it out, if it is one that follows orders.
    /// </summary>
    /// <exception cref="ArgumentException">The database could not keep it.</exception>
    public Task OrderAsync(ShardOrder order) => OrderAsync(order.Validate(), session => session.PutOrder(order));

    /// <summary>As for a shard: an order about whatever node has this name, now or later.</summary>
    /// <inheritdoc cref="OrderAsync(ShardOrder)"/>
    public Task OrderAsync(NodeOrder order) => OrderAsync(order.Validate(), session => session.PutOrder(order));

    /// <summary>Orders that are neither done, given up nor taken back.</summary>
    public Task<StandingOrders> OrdersAsync() => Observer.Commands.RunAsync(session => session.ReadOrders());

    /// <summary>Takes an order back, or away when it is done: only while it is still this one.</summary>
    public Task<bool> RemoveOrderAsync(ShardOrder order) => Observer.Commands.RunAsync(session => session.RemoveOrder(order));

    /// <summary>Takes back whatever a node of this name was ordered.</summary>
    /// <returns>False: it was ordered nothing.</returns>
    public Task<bool> RemoveNodeOrderAsync(string node) => Observer.Commands.RunAsync(session => session.RemoveNodeOrder(node));

    /// <summary>How the database is set up and how it fares.</summary>
    internal Task<StoreFacts> InspectStoreAsync(CancellationToken cancellationToken) => _store.InspectAsync(cancellationToken);

    /// <summary>Whether the database has the member that is now at this address as down, dead or left.</summary>
    internal bool IsGoneAt(string address)
    {
        var snapshot = Snapshot;
        return snapshot.Nodes.Values.Any(row => !row.IsLive && row.Address == address)
            && _cluster.Value.State.Members.Any(member => member.Address.ToString() == address
                && snapshot.VerdictOf(address, member.UniqueAddress.Uid) is MemberVerdict.Down or MemberVerdict.Gone);
    }

    /// <summary>Completes when the row is there and all loops run. A database that cannot be reached is waited for.</summary>
    /// <exception cref="ClusterRefusedException">The configuration or the database refuses this process.</exception>
    internal async Task StartAsync()
    {
        try
        {
            RemotingCheck.Run(_system, _cluster.Value.SelfAddress, Options.AllowPlaintext);
            _setup.Certificates?.CheckHost(_cluster.Value.SelfAddress.Host);
            await Task.Factory.StartNew(Open, _stopping.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (ClusterRefusedException refused)
        {
            End(NodeEnd.Refused, refused.Message);
            throw;
        }

        _cluster.Value.RegisterOnMemberRemoved(() =>
        {
            if (!_leaving)
            {
                EndAsRemoved("Akka's cluster removed this member.");
            }
        });
        CoordinatedShutdown.Get(_system).AddTask(CoordinatedShutdown.PhaseBeforeClusterShutdown, "akkascale-leaving", () =>
        {
            _leaving = true;
            return Task.FromResult(Done.Instance);
        });
        CoordinatedShutdown.Get(_system).AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "akkascale-left", LeaveAsync);
    }

    /// <summary>Sees to it that the process becomes a member, or ends it when it has not in time.</summary>
    internal void ExpectToJoin() =>
        _ = new JoinWatch(_cluster.Value, Options, () => JoinRule.Others(Snapshot.Reading, Incarnation), End, _logger).RunAsync(_stopping.Token);

    /// <summary>The others have let go of this process.</summary>
    internal void EndAsRemoved(string reason)
    {
        if (Interlocked.Exchange(ref _isEnding, 1) == 0)
        {
            StopServing(reason);
            new Thread(() => EndByRow(NodeEnd.Removed, reason)) { IsBackground = true, Name = "end" }.Start();
        }
    }

    private Task OrderAsync(IEnumerable<string> problems, Action<IObserverSession> put)
    {
        if (string.Join(' ', problems) is { Length: > 0 } problem)
        {
            throw new ArgumentException(problem);
        }

        return Observer.Commands.RunAsync(session =>
        {
            put(session);
            return true;
        });
    }

    /// <summary>Incarnations of the members in Akka's gossip: their rows are read until Akka has removed them, whatever their state.</summary>
    private List<string> RowsOfMembers()
    {
        var snapshot = Snapshot;
        return
        [
            .. _cluster.Value.State.Members
                .Select(member => snapshot.Find(member.Address.ToString(), member.UniqueAddress.Uid)?.Incarnation)
                .OfType<string>(),
        ];
    }

    private List<(string Address, long Uid)> MembersWithoutRow()
    {
        var snapshot = Snapshot;
        return
        [
            .. _cluster.Value.State.Members
                .Select(member => (Address: member.Address.ToString(), Uid: (long)member.UniqueAddress.Uid))
                .Where(member => snapshot.Find(member.Address, member.Uid) is null),
        ];
    }

    private void Open()
    {
        var self = _cluster.Value.SelfUniqueAddress;
        var registration = Registration.Of(Options, Incarnation, self.Address.ToString(), self.Uid, _cluster.Value.SelfRoles);
        for (var pause = FirstPause; ; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                _store.Open(new ClusterTerms(Options.Cluster, Options.ShardCounts, _setup.Certificates?.AuthorityFingerprint), Options.Migrate);
                _liveness.Start(registration);
                Observer.Start();
                Leases.Start();
                return;
            }
            catch (Exception error) when (error is not ClusterRefusedException && !_stopping.IsCancellationRequested)
            {
                LogNotReached(_logger, error);
                _stopping.Token.WaitHandle.WaitOne(pause);
                _stopping.Token.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>
    /// Not when this process ends for another reason: the row keeps the state and the reason that end it, and its leases are free when it is dead.
    /// </summary>
    private async Task<Done> LeaveAsync()
    {
        if (Volatile.Read(ref _isEnding) != 0)
        {
            await HoldAsync();
            return Done.Instance;
        }

        Observer.Leave();
        await Leases.FlushAsync(FlushPatience);
        await _liveness.LeaveAsync("left", LeavePatience);
        return Done.Instance;
    }

    /// <summary>A process that leaves exits with 0; this one is to exit by the code that says why it ends, which is known in a moment.</summary>
    private async Task HoldAsync()
    {
        try
        {
            await _endTold.Task.WaitAsync(Options.TimeToLive * 1.5, Time);
            await Task.Delay(ExitPatience, Time);
        }
        catch (TimeoutException)
        {
            // Nobody ended it.
        }
    }

    /// <summary>Its end is certain. Whoever calls this sees to it.</summary>
    private void StopServing(string reason)
    {
        Volatile.Write(ref _isEnding, 1);
        _deadline.End();
        Leases.End(reason);
    }

    /// <summary>What its row says when its end is certain already is no better reason: it may be dead by its own word.</summary>
    private void EndByLiveness(NodeEnd end, string reason)
    {
        if (Volatile.Read(ref _isEnding) != 0)
        {
            return;
        }

        if (end == NodeEnd.Down)
        {
            EndByRow(end, reason);
        }
        else
        {
            End(end, reason);
        }
    }

    /// <summary>
    /// The observing thread ends this process by what its row says, if it can read it: that may be a better reason, and whoever was sent away
    /// tells others that they need not wait. Blocks, and needs no thread of the pool, which may be what hangs.
    /// </summary>
    private void EndByRow(NodeEnd end, string reason)
    {
        StopServing(reason);
        Observer.ReadAgainAsync().Wait(Options.TimeToLive);
        End(end, reason);
    }

    private void End(NodeEnd end, string reason)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            LogEnd(_logger, end, (int)end, reason);
            StopServing(reason);
            if (Options.OnEnd is { } handler)
            {
                handler(end, reason);
            }
            else
            {
                ProcessExit.Begin(end, reason);
            }

            _endTold.SetResult();
        }
    }

    private void Dispose()
    {
        _stopping.Cancel();
        Leases.Dispose();
        Observer.Dispose();
        _liveness.Dispose();
        Audit.Dispose();
        Decisions.Dispose();
        _store.Dispose();
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Warning, Message = "The cluster's database cannot be opened yet; it is tried again.")]
    private static partial void LogNotReached(ILogger logger, Exception error);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Warning, Message = "{Warning}")]
    private static partial void LogStore(ILogger logger, string warning);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Error, Message = "This process ends as a member: {End} (exit code {Code}). {Reason}")]
    private static partial void LogEnd(ILogger logger, NodeEnd end, int code, string reason);
}
