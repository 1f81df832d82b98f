using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Event;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Logs;
using AkkaScale.Cluster.Orders;
using AkkaScale.Cluster.Plugin;
using AkkaScale.Sharding.Loads;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Options;
using AkkaScale.Sharding.Routing;
using AkkaScale.Sharding.Stuck;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace AkkaScale.Sharding.Allocation;

/// <summary>
/// Drives <see cref="SteeringMachine"/> and <see cref="HomeChoice"/> for the coordinator of one region: reads leases and orders, publishes
/// the map, and has shards without a home started.
/// </summary>
/// <remarks>
/// Akka calls it from the coordinator's actor and goes on without waiting: questions for homes come while others are open, and the next
/// round while one is under way, which is then passed over.
/// </remarks>
/// <param name="loads">Null: all shards weigh alike.</param>
/// <param name="maps">As they were published last, also by former coordinators.</param>
internal sealed partial class SteeredAllocationStrategy(
    string region, int shardCount, AllocationOptions? options = null, LoadBook? loads = null, ShardMapView? maps = null,
    StuckBook? stuck = null)
    : IActorSystemDependentAllocationStrategy
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GlanceAgainAfter = TimeSpan.FromMilliseconds(100);

    private readonly AllocationOptions _options = options ?? new AllocationOptions();
    private readonly Lock _lock = new();
    private readonly SteeringState _state = new();
    private readonly MembershipQuiet _quiet = new();
    private ActorSystem? _system;
    private ClusterMembership? _membership;
    private LeaseHolders? _holders;
    private MapPublisher? _publisher;
    private Akka.Cluster.Cluster? _cluster;
    private ILogger? _logger;
    private Task<StandingOrders?> _glance = Task.FromResult<StandingOrders?>(null);
    private TimeSpan? _glancedAt;
    private Task<IReadOnlyList<InheritedRest>> _inherited = Task.FromResult<IReadOnlyList<InheritedRest>>([]);
    private DecisionNotes? _notes;
    private int _isRunning;

    /// <summary>Which coordinator of this node it is: a round of the former says nothing to the next.</summary>
    private int _coordinator;

    public void Start(ActorSystem system)
    {
        lock (_lock)
        {
            // The same strategy starts again with the next coordinator on this node.
            _system = system;
            _membership = ClusterMembership.For(system);
            _holders = new LeaseHolders(_membership, region);
            _publisher ??= new MapPublisher(system, region);
            _cluster = Akka.Cluster.Cluster.Get(system);
            _logger = new AkkaLogger(Logging.GetLogger(system, typeof(SteeredAllocationStrategy)));
            _state.Clear();
            _quiet.Begin(_membership.Now);
            _glancedAt = null;
            _notes = new DecisionNotes(_membership, region, loads);
            loads?.Inherit(_membership.Now, maps?.Find(region)?.Weights ?? []);
            _inherited = _notes.ReadRestsAsync(_options.MoveRest);
            _coordinator++;
        }
    }

    public async Task<IActorRef> AllocateShard(
        IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        var reading = _holders!.ReadAsync([shardId]);
        var orders = await GlanceAsync();
        var holders = await reading;
        var home = Choose(NumberOf(shardId), holders?.GetValueOrDefault(shardId), orders, currentShardAllocations)?.Address;
        return currentShardAllocations.Keys.First(each => AddressOf(each) == home);
    }

    public async Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress)
    {
        if (Interlocked.Exchange(ref _isRunning, 1) == 1)
        {
            return ImmutableHashSet<string>.Empty;
        }

        try
        {
            return await RunAsync(Volatile.Read(ref _coordinator), currentShardAllocations, rebalanceInProgress);
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    private async Task<IImmutableSet<string>> RunAsync(
        int coordinator, IImmutableDictionary<IActorRef, IImmutableList<string>> allocations, IImmutableSet<string> inProgress)
    {
        var homes = HomesOf(allocations);
        var weights = loads?.Weights(_membership!.Now);
        _publisher!.Publish(_membership!.Now, homes, weights, _options.Mode == AllocationMode.Manual);
        var reading = _holders!.ReadAsync([.. homes.Keys.Select(Text)]);
        var orders = await OrdersAsync();
        var holders = (await reading)?.ToDictionary(each => NumberOf(each.Key), each => each.Value);
        var (regions, open) = Regions(allocations);
        SteeringOutcome outcome;
        lock (_lock)
        {
            if (_coordinator != coordinator)
            {
                return ImmutableHashSet<string>.Empty;
            }

            outcome = SteeringMachine.Step(
                _state,
                new SteeringRound
                {
                    Now = _membership.Now,
                    Homes = homes,
                    InProgress = inProgress.Select(NumberOf).ToHashSet(),
                    Regions = regions,
                    Open = [.. regions.Where(each => open.Contains(each.Address))],
                    Holders = holders,
                    Orders = orders,
                    IsCut = _cluster!.State.Unreachable.Count > 0,
                    QuietFor = _quiet.Look(_membership.Now, _cluster.State),
                    Inherited = TakeInherited(),
                    Stuck = stuck?.Of(region) ?? ReadOnlyDictionary<int, StuckEntity>.Empty,
                    Weights = [.. weights ?? []],
                },
                _options, shardCount);
        }

        Log(outcome, regions);
        _notes!.Moved(outcome.Moves, regions, homes, weights ?? [], inProgress.Count);
        Touch(outcome.Touched);
        await RemoveAsync(outcome.Ended);
        return outcome.Moves.Select(move => Text(move.Shard)).ToImmutableHashSet();
    }

    private IReadOnlyList<InheritedRest> TakeInherited()
    {
        if (!_inherited.IsCompletedSuccessfully)
        {
            return [];
        }

        var rests = _inherited.Result;
        _inherited = Task.FromResult<IReadOnlyList<InheritedRest>>([]);
        return rests;
    }

    /// <summary>The orders as they are now, or were a moment ago: many shards may need a home at one time.</summary>
    private Task<StandingOrders?> GlanceAsync()
    {
        lock (_lock)
        {
            var now = _membership!.Now;
            if (_glancedAt is not { } at || now - at >= GlanceAgainAfter)
            {
                (_glancedAt, _glance) = (now, OrdersAsync());
            }

            return _glance;
        }
    }

    /// <param name="orders">Null: the database did not answer.</param>
    private ChosenHome? Choose(
        int shard, string? holder, StandingOrders? orders, IImmutableDictionary<IActorRef, IImmutableList<string>> allocations)
    {
        var (regions, open) = Regions(allocations);
        lock (_lock)
        {
            if (orders is not null)
            {
                OrderReview.Glance(_state, orders, shardCount);
            }

            var request = new HomeRequest(_membership!.Now, shard, holder, regions, open, HomesOf(allocations));
            var home = HomeChoice.Make(_state, request);
            if (home is { Reason: not null } chosen)
            {
                _notes!.Housed(request, chosen);
            }

            return home;
        }
    }

    /// <summary>All that there are, and addresses of those whose members are up and can be reached.</summary>
    private (List<AllocationMember> All, HashSet<string> Open) Regions(IImmutableDictionary<IActorRef, IImmutableList<string>> allocations)
    {
        var state = _cluster!.State;
        var members = state.Members.GroupBy(member => member.Address.ToString())
            .ToDictionary(starts => starts.Key, starts => starts.Last(), StringComparer.Ordinal);

        // A node that was started again at its address is there twice, until Akka has seen the former region end.
        var all = allocations.Keys.Select(AddressOf).Distinct(StringComparer.Ordinal)
            .Select(address => new AllocationMember(address, NameOf(address, members))).ToList();
        return (
            all,
            all.Select(each => each.Address)
                .Where(address => members.TryGetValue(address, out var member) && member.Status == MemberStatus.Up
                    && !state.Unreachable.Contains(member))
                .ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>A member whose row has not been read yet goes by its address: no order names it so.</summary>
    private string NameOf(string address, Dictionary<string, Member> members) =>
        members.TryGetValue(address, out var member) && _membership!.Snapshot.Find(address, member.UniqueAddress.Uid) is { } row
            ? row.Name
            : address;

    private Dictionary<int, string> HomesOf(IImmutableDictionary<IActorRef, IImmutableList<string>> allocations) => allocations
        .SelectMany(each => each.Value.Select(shard => (Shard: NumberOf(shard), Home: AddressOf(each.Key))))
        .ToDictionary(each => each.Shard, each => each.Home);

    private string AddressOf(IActorRef home) =>
        (home.Path.Address.HasLocalScope ? _cluster!.SelfAddress : home.Path.Address).ToString();

    private async Task<StandingOrders?> OrdersAsync()
    {
        try
        {
            var orders = await _membership!.OrdersAsync().WaitAsync(Patience, _membership.Time);
            return orders with { Shards = [.. orders.Shards.Where(order => order.Region == region)] };
        }
        catch (Exception)
        {
            // The database is away: what there was to be carried out is known from the last round.
            return null;
        }
    }

    private void Touch(IReadOnlyList<int> shards)
    {
        foreach (var shard in shards)
        {
            ClusterSharding.Get(_system!).ShardRegion(region).Tell(new TouchShard(shard), ActorRefs.NoSender);
        }
    }

    /// <summary>What could not be removed is read, and so ended, again.</summary>
    private async Task RemoveAsync(IReadOnlyList<(ShardOrder Order, string Word)> ended)
    {
        foreach (var (order, word) in ended)
        {
            try
            {
                if (await _membership!.RemoveOrderAsync(order).WaitAsync(Patience, _membership.Time))
                {
                    LogEnded(_logger!, region, order.Shard, order.NodeName, order.By, word);
                    _notes!.Ended(order, word);
                }
            }
            catch (Exception error)
            {
                LogStays(_logger!, error, region, order.Shard);
                return;
            }
        }
    }

    private void Log(SteeringOutcome outcome, List<AllocationMember> regions)
    {
        var names = regions.ToDictionary(each => each.Address, each => each.NodeName, StringComparer.Ordinal);
        foreach (var move in outcome.Moves)
        {
            LogMove(_logger!, region, move.Shard, names.GetValueOrDefault(move.From), names.GetValueOrDefault(move.To), move.Reason);
        }
    }

    private static string Text(int shard) => shard.ToString(CultureInfo.InvariantCulture);

    /// <exception cref="FormatException">Not a region of numbered shards: the strategy is not for it.</exception>
    private static int NumberOf(string shard) => int.Parse(shard, NumberStyles.None, CultureInfo.InvariantCulture);

    [LoggerMessage(EventId = 6101, Level = LogLevel.Information, Message = "Shard {Region}/{Shard} moves from {From} to {To}: {Reason}.")]
    private static partial void LogMove(ILogger logger, string region, int shard, string? from, string? to, string reason);

    [LoggerMessage(EventId = 6102, Level = LogLevel.Information,
        Message = "The order to move shard {Region}/{Shard} to {Node}, by {By}, is over: {Word}.")]
    private static partial void LogEnded(ILogger logger, string region, int shard, string node, string by, string word);

    [LoggerMessage(EventId = 6103, Level = LogLevel.Warning,
        Message = "The order to move shard {Region}/{Shard} is over, and its row could not be removed yet.")]
    private static partial void LogStays(ILogger logger, Exception error, string region, int shard);
}
