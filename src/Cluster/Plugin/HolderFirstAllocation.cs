using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace AkkaScale.Cluster.Plugin;

/// <summary>
/// Makes leases the truth for a coordinator: a shard is allocated where its lease is held, and one whose home is elsewhere moves there.
/// Everything else is decided by the strategy inside.
/// </summary>
/// <remarks>
/// A coordinator may have stale state after several members were lost at once, and then sends a shard home to a region that waits for a
/// lease which another living one holds, for ever. While the database cannot be asked the strategy inside decides alone. Nothing is
/// rebalanced while a member comes, goes or cannot be reached, nor for a while after: a move that meets a cut stands for as long as the
/// hand-over may take, and a link that comes and goes would move the same shards again and again.
/// </remarks>
public sealed class HolderFirstAllocation(string region, IShardAllocationStrategy inside) : IActorSystemDependentAllocationStrategy
{
    private const int MovesAtATime = 10;
    private const double ShareOfMoves = 0.1;

    /// <summary>How long home and holder must have differed: in a move they do so for a moment.</summary>
    internal static readonly TimeSpan DifferFor = TimeSpan.FromSeconds(2);

    /// <summary>Above the time that a hand-over may take.</summary>
    internal static readonly TimeSpan RememberMovesFor = TimeSpan.FromSeconds(5);

    internal static readonly TimeSpan QuietFor = TimeSpan.FromSeconds(8);

    private readonly Lock _lock = new();
    private readonly AstrayShards _astray = new(DifferFor);
    private readonly SentAwayShards _sentAway = new(RememberMovesFor);
    private readonly MembershipQuiet _quiet = new();
    private ClusterMembership? _membership;
    private LeaseHolders? _holders;
    private Akka.Cluster.Cluster? _cluster;

    /// <summary>Around Akka's least-shard strategy.</summary>
    public HolderFirstAllocation(string region)
        : this(region, ShardAllocationStrategy.LeastShardAllocationStrategy(MovesAtATime, ShareOfMoves))
    {
    }

    public void Start(ActorSystem system)
    {
        lock (_lock)
        {
            // The same strategy starts again with the next coordinator on this node.
            _membership = ClusterMembership.For(system);
            _holders = new LeaseHolders(_membership, region);
            _cluster = Akka.Cluster.Cluster.Get(system);
            _astray.Clear();
            _sentAway.Clear();
            _quiet.Begin(_membership.Now);
        }

        (inside as IActorSystemDependentAllocationStrategy)?.Start(system);
    }

    public async Task<IActorRef> AllocateShard(
        IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        var holders = await HoldersAsync([shardId]);
        return holders.TryGetValue(shardId, out var holder) && !WasSentAwayFrom(shardId, holder)
            && currentShardAllocations.Keys.FirstOrDefault(each => AddressOf(each) == holder) is { } home
                ? home
                : await inside.AllocateShard(requester, shardId, currentShardAllocations);
    }

    public async Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress)
    {
        var homes = currentShardAllocations
            .SelectMany(each => each.Value.Select(shard => (Shard: shard, Home: AddressOf(each.Key))))
            .Where(each => !rebalanceInProgress.Contains(each.Shard))
            .ToDictionary(each => each.Shard, each => each.Home, StringComparer.Ordinal);
        var regions = currentShardAllocations.Keys.Select(AddressOf).ToHashSet(StringComparer.Ordinal);
        var moving = Astray(homes, await HoldersAsync([.. homes.Keys]), regions);
        if (moving.Count == 0 && IsQuiet())
        {
            moving = await inside.Rebalance(currentShardAllocations, rebalanceInProgress);
        }

        lock (_lock)
        {
            _sentAway.Remember(_membership!.Now, moving, homes);
        }

        return moving;
    }

    private IImmutableSet<string> Astray(
        Dictionary<string, string> homes, IReadOnlyDictionary<string, string> holders, HashSet<string> regions)
    {
        lock (_lock)
        {
            return _astray.Find(_membership!.Now, homes, holders, regions);
        }
    }

    private bool WasSentAwayFrom(string shard, string home)
    {
        lock (_lock)
        {
            return _sentAway.WasSentAwayFrom(_membership!.Now, shard, home);
        }
    }

    private bool IsQuiet()
    {
        lock (_lock)
        {
            return _quiet.Look(_membership!.Now, _cluster!.State) >= QuietFor;
        }
    }

    /// <summary>Without all when the database is away.</summary>
    private async Task<IReadOnlyDictionary<string, string>> HoldersAsync(IReadOnlyList<string> shards) =>
        await _holders!.ReadAsync(shards) ?? ImmutableDictionary<string, string>.Empty;

    private string AddressOf(IActorRef region) =>
        (region.Path.Address.HasLocalScope ? _cluster!.SelfAddress : region.Path.Address).ToString();
}
