using AkkaScale.LegacyCluster.Ownership;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacyCluster.Membership;

/// <summary>
/// One incarnation's life as a member: it joins, holds its lease, polls the store, coordinates if it is its turn, owns shards,
/// and leaves. A host composes it so:
/// <code>
/// // once for each process
/// await store.OpenAsync(options.Name, options.ShardCount, token);
/// var map = new ShardMap(options.ShardCount);
/// var environment = new ClusterEnvironment(options, store, map, metrics, time, random, loggers);
///
/// // for each incarnation
/// var self = template with { Incarnation = new(newGuid), Status = MemberStatus.Joining, RenewCounter = 0 };
/// await using var session = new ClusterSession(environment, self, new PeerNetworkHints(network, self.Incarnation, environment.Metrics),
///     new CoordinatorMachine(self.Incarnation, allocation.Create(), allocation));
/// var region = new Region(session.Lease, session.Reports, …);   // its IShardHost
/// await session.JoinAsync(region, token);
/// // a MapHint frame or a NotOwner answer: map.RequestRefresh()
/// var end = await session.Completion;      // Lost: dispose, then a new incarnation
/// // on SIGTERM: await session.LeaveAsync(shutdownToken); then dispose
/// </code>
/// Disposing without leaving is like a crash to the others: they wait for the lease to expire.
/// </summary>
public sealed partial class ClusterSession : IAsyncDisposable
{
    private readonly ClusterEnvironment _environment;
    private readonly MemberSnapshot _self;
    private readonly IClusterPeers _peers;
    private readonly ICoordinator? _coordinator;
    private readonly ILogger _log;
    private readonly MonotonicClock _clock;
    private readonly LeaseLoop _lease;
    private readonly ReportsToLoop _reports = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<SessionEnd> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _leaveOrdered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ClusterLoop? _loop;
    private Task _running = Task.CompletedTask;
    private int _disposed;

    /// <param name="self">The row to join with; its status and counter are set here.</param>
    /// <param name="coordinator">Null: this member never coordinates (it has no entity role).</param>
    public ClusterSession(ClusterEnvironment environment, MemberSnapshot self, IClusterPeers peers, ICoordinator? coordinator)
    {
        _environment = environment;
        _self = self with { Status = MemberStatus.Joining, RenewCounter = 0 };
        _peers = peers;
        _coordinator = coordinator;
        _log = environment.Loggers.CreateLogger("AkkaScale.Cluster");
        _clock = new MonotonicClock(environment.Time);
        _lease = new LeaseLoop(
            environment.Options, () => environment.Store.OpenLease(self.Incarnation), _clock, environment.Metrics, _log,
            () => _loop?.Post(new ClusterInput.LeaseLost()));
    }

    public Incarnation Incarnation => _self.Incarnation;

    /// <summary>Up to when this process may serve; 0 before the first renewal and after the session was lost.</summary>
    public ILeaseDeadline Lease => _lease;

    /// <summary>Where the shard host reports to. Reports before the start and after the end of the session are ignored.</summary>
    public IShardHostReports Reports => _reports;

    /// <summary>What is known now; cheap, made on demand.</summary>
    public ClusterView View => MakeView();

    /// <summary>Completes when the session has ended and every shard is dropped; never faults.</summary>
    public Task<SessionEnd> Completion => _completion.Task;

    /// <summary>
    /// Completes when somebody else, an operator say, has written leaving into this member's row: the host should then stop as if it
    /// had got a signal. The shards are on their way already.
    /// </summary>
    public Task<string> LeaveOrdered => _leaveOrdered.Task;

    /// <summary>
    /// Inserts the member row, takes the lease and starts the loops. Retries while the store cannot be reached, until the
    /// token is cancelled; the member is up a poll or two after it returns (see <see cref="View"/>). Call it once.
    /// </summary>
    /// <param name="host">Null for a member without the entity role.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first; the row may have been written.</exception>
    public async Task JoinAsync(IShardHost? host, CancellationToken cancellationToken)
    {
        if (host is null && _self.HasRole(MemberSnapshot.EntityRole))
        {
            throw new ArgumentNullException(nameof(host), "A member with the entity role needs a shard host.");
        }

        var isRetried = false;
        while (!await TryJoinAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!isRetried)
            {
                isRetried = true;
                LogJoinRetried();
            }

            await Task.Delay(_environment.Options.PollInterval, _environment.Time, cancellationToken).ConfigureAwait(false);
        }

        Start(host);
    }

    /// <summary>Hands what a member's shards carried to the coordinator, if it is this one. Thread-safe; dropped when there are too many.</summary>
    public void Report(ClusterInput.LoadsReported loads) => _loop?.Report(loads);

    /// <summary>
    /// Gives the shards away and stays a member, so that this process can still ask others, until <see cref="LeaveAsync"/>.
    /// </summary>
    public void BeginLeaving() => _loop?.Post(new ClusterInput.LeaveRequested());

    /// <summary>Tells the peers that a change was committed past this session, and reads it; for management calls that write rows.</summary>
    public void AnnounceChange()
    {
        _loop?.RequestPoll();
        _peers.SendMapHint();
    }

    /// <summary>
    /// Leaves in order: status leaving, shards handed off to their new targets (or released to nobody if nobody else could take
    /// them), status removed. True when that is done; false when the token was cancelled or the session was lost first. Dispose afterwards.
    /// </summary>
    public async Task<bool> LeaveAsync(CancellationToken cancellationToken)
    {
        if (_loop is not { } loop)
        {
            return true;
        }

        loop.Post(new ClusterInput.LeaveRequested());
        loop.Post(new ClusterInput.FarewellAllowed());
        try
        {
            var end = await Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
            return end.Kind == SessionEndKind.Stopped;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _completion.TrySetResult(new SessionEnd(SessionEndKind.Stopped, "never joined"));
        _stop.Dispose();
    }

    /// <summary>An unknown or refused insert is settled by looking: the row is there, or it is not.</summary>
    private async Task<bool> TryJoinAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await _environment.Store.JoinAsync(_self, cancellationToken).ConfigureAwait(false) == WriteOutcome.Applied)
            {
                return true;
            }

            var reading = await _environment.Store.ReadAsync(cancellationToken).ConfigureAwait(false);

            // Perhaps it was declared dead before this process heard that it had joined: then the first poll ends the session, and the host begins another.
            // Trying on would be in vain, since a row is never inserted twice.
            return reading.Members.Any(member => member.Incarnation == Incarnation);
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private void Start(IShardHost? host)
    {
        var machine = new ClusterMachine(
            new MembershipMachine(Incarnation, _environment.Options),
            new OwnershipMachine(Incarnation, _environment.Options, _environment.Random),
            _coordinator,
            new ReachabilityMachine(Incarnation, _environment.Options));
        var loop = new ClusterLoop(_environment, machine, _lease, host, _peers, _clock, Incarnation, _log, _leaveOrdered);
        _loop = loop;
        _reports.Loop = loop;
        _environment.Map.RefreshBy(loop.RequestPoll);
        _environment.Metrics.Observe(MakeView);
        _lease.Start();
        _running = Task.Run(() => RunAsync(loop));
    }

    private async Task RunAsync(ClusterLoop loop)
    {
        var end = await loop.RunAsync(_stop.Token).ConfigureAwait(false);
        await _lease.StopAsync().ConfigureAwait(false);
        _environment.Map.RefreshBy(null);
        _environment.Metrics.Observe(null);
        LogEnded(Incarnation, end.Kind, end.Reason);
        _completion.SetResult(end);
    }

    private ClusterView MakeView()
    {
        var now = _clock.Now;
        var store = _loop?.Store;
        var self = store?.Reading?.Members.FirstOrDefault(member => member.Incarnation == Incarnation);
        var remaining = _lease.Times.ValidUntil - now;
        var reasons = new List<string>();
        if (Completion.IsCompletedSuccessfully)
        {
            reasons.Add($"the session has ended: {Completion.Result.Reason}");
        }

        if (self?.Status != MemberStatus.Up)
        {
            reasons.Add($"the member is {self?.Status.ToString().ToLowerInvariant() ?? "not joined"}, not up");
            if (_loop?.WaitsFor is { Length: > 0 } nodes)
            {
                reasons.Add($"there is no connection with {nodes}");
            }
        }

        if (remaining <= TimeSpan.Zero)
        {
            reasons.Add("there is no valid lease");
        }

        if (store?.Reading is null || now - store.ReadAt > _environment.Options.LeaseTtl)
        {
            reasons.Add("the store was not read lately");
        }

        return new ClusterView(store?.Reading, self, reasons.Count == 0, reasons, remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero);
    }

    /// <summary>Lets the shard host be built before the loop is.</summary>
    private sealed class ReportsToLoop : IShardHostReports
    {
        private volatile ClusterLoop? _loop;

        public ClusterLoop? Loop
        {
            set => _loop = value;
        }

        public void ReadyToGive(ShardEpoch shard, string handoffId) => _loop?.ReadyToGive(shard, handoffId);

        public void Drained(ShardEpoch shard) => _loop?.Drained(shard);

        public void Stopped(ShardEpoch shard, string reason) => _loop?.Stopped(shard, reason);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Joining: the store gave no definite answer; trying on")]
    private partial void LogJoinRetried();

    [LoggerMessage(Level = LogLevel.Information, Message = "Session of {Member} ended ({Kind}): {Reason}")]
    private partial void LogEnded(Incarnation member, SessionEndKind kind, string reason);
}
