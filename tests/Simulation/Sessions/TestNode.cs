using System.Collections.Concurrent;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Allocation;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaScale.Tests.Simulation.Sessions;

/// <summary>A real session with its real loops and threads; the host remembers what it serves, and hints arrive at once.</summary>
internal sealed class TestNode : IShardHost, IClusterPeers, IAsyncDisposable
{
    private readonly ConcurrentDictionary<Incarnation, TestNode> _network;
    private readonly ClusterMetrics _metrics = new();

    public TestNode(int number, ClusterOptions options, IClusterStore store, ConcurrentDictionary<Incarnation, TestNode> network)
    {
        _network = network;
        Map = new ShardMap(options.ShardCount);
        var environment = new ClusterEnvironment(
            options, store, Map, _metrics, TimeProvider.System, new Random(number), NullLoggerFactory.Instance);
        var incarnation = new Incarnation(Guid.NewGuid());
        Self = new MemberSnapshot(
            incarnation, $"node-{number}", "127.0.0.1:1", "127.0.0.1:2", [MemberSnapshot.EntityRole], "test",
            MemberStatus.Joining, 0, DateTimeOffset.UnixEpoch, "");
        Session = new ClusterSession(
            environment, Self, this, new CoordinatorMachine(incarnation, new WeightedAllocation(new AllocationOptions()), new AllocationOptions()));
    }

    public MemberSnapshot Self { get; }

    public ClusterSession Session { get; }

    public ShardMap Map { get; }

    public ConcurrentDictionary<int, long> Hosted { get; } = [];

    public IReadOnlyCollection<MemberSnapshot> Peers { get; private set; } = [];

    public Task JoinAsync(CancellationToken cancellationToken = default)
    {
        _network[Session.Incarnation] = this;
        return Session.JoinAsync(this, cancellationToken);
    }

    public bool IsReachable(Incarnation peer) => !Cut.ContainsKey(peer) && !(_network.GetValueOrDefault(peer)?.Cut.ContainsKey(Session.Incarnation) ?? false);

    /// <summary>Peers this node is told it has no connection with.</summary>
    public ConcurrentDictionary<Incarnation, bool> Cut { get; } = [];

    public void Start(ShardEpoch shard, string acquiredBy) => Hosted[shard.Shard] = shard.Epoch;

    public void HandOff(ShardEpoch shard, Incarnation target, string handoffId) => Session.Reports.ReadyToGive(shard, handoffId);

    public void AbortHandOff(ShardEpoch shard, string handoffId)
    {
    }

    public void GiveAway(ShardEpoch shard, string handoffId) => Hosted.TryRemove(shard.Shard, out _);

    public void HandOffEnded(ShardEpoch shard, string handoffId, bool isGiven)
    {
    }

    public void Drain(ShardEpoch shard)
    {
        Hosted.TryRemove(shard.Shard, out _);
        Session.Reports.Drained(shard);
    }

    public void Drop(ShardEpoch shard) => Hosted.TryRemove(shard.Shard, out _);

    public void UpdatePeers(IReadOnlyCollection<MemberSnapshot> members) => Peers = members;

    public void SendMapHint()
    {
        foreach (var node in _network.Values)
        {
            node.Map.RequestRefresh();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _network.TryRemove(Session.Incarnation, out _);
        await Session.DisposeAsync();
        _metrics.Dispose();
    }
}
