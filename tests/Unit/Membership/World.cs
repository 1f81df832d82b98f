using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Tests.Unit.Membership;

/// <summary>The rows of a small cluster, changed by hand between two readings.</summary>
internal sealed class World(int shardCount = 4)
{
    public static readonly Incarnation Me = Node(1);
    public static readonly Incarnation Other = Node(2);
    public static readonly Incarnation Third = Node(3);

    private readonly SortedDictionary<Incarnation, MemberSnapshot> _members = [];
    private readonly SortedDictionary<int, ShardOwner> _owners = [];
    private readonly SortedDictionary<int, ShardTarget> _targets = [];
    private readonly List<NodeOrder> _orders = [];
    private readonly List<ShardPin> _pins = [];
    private readonly List<ShardMove> _moves = [];

    public ClusterOptions Options { get; } = new() { ShardCount = shardCount };

    public long Generation { get; set; }

    public CoordinatorTerm Coordinator { get; set; } = new(null, 0);

    public static Incarnation Node(int number) => new(new Guid(number, 0, 0, new byte[8]));

    public static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    public World Member(Incarnation incarnation, MemberStatus status, long counter = 1, string role = MemberSnapshot.EntityRole)
    {
        var name = $"node-{incarnation.ToString()[..8].TrimStart('0')}";
        _members[incarnation] = new MemberSnapshot(
            incarnation, name, "127.0.0.1:1", "127.0.0.1:2", [role], "1", status, counter, DateTimeOffset.UnixEpoch,
            status == MemberStatus.Down ? "forced down" : "");
        return this;
    }

    /// <summary>What the member's row says of peers it cannot reach.</summary>
    public World Unreachable(Incarnation member, params Incarnation[] peers)
    {
        _members[member] = _members[member] with { Unreachable = [.. peers] };
        return this;
    }

    public World Without(Incarnation incarnation)
    {
        _members.Remove(incarnation);
        return this;
    }

    public World Owner(int shard, Incarnation? owner, long epoch) => OwnerBy(shard, owner, epoch, "");

    public World OwnerBy(int shard, Incarnation? owner, long epoch, string acquiredBy)
    {
        _owners[shard] = new ShardOwner(shard, owner, epoch, acquiredBy);
        return this;
    }

    public World Target(int shard, Incarnation target)
    {
        _targets[shard] = new ShardTarget(shard, target, "", target, 1);
        return this;
    }

    public World Order(string node, NodeOrderKind kind)
    {
        _orders.RemoveAll(order => order.NodeName == node);
        _orders.Add(new NodeOrder(node, kind, "", "", DateTimeOffset.UnixEpoch));
        return this;
    }

    public World Pin(int shard, string node)
    {
        _pins.Add(new ShardPin(shard, node, "", "", DateTimeOffset.UnixEpoch));
        return this;
    }

    /// <param name="epoch">The order's; null: the present one.</param>
    public World Move(int shard, string node, long? epoch = null)
    {
        _moves.RemoveAll(move => move.Shard == shard);
        _moves.Add(new ShardMove(shard, node, epoch ?? _owners[shard].Epoch, "noisy", "jo", DateTimeOffset.UnixEpoch));
        return this;
    }

    public World WithoutMove(int shard)
    {
        _moves.RemoveAll(move => move.Shard == shard);
        return this;
    }

    public World WithoutOrder(string node)
    {
        _orders.RemoveAll(order => order.NodeName == node);
        return this;
    }

    public ClusterReading Reading() => new(
        new ClusterIdentity("test", Options.ShardCount, 1, "", Generation), Coordinator,
        [.. _members.Values], [.. _owners.Values], [.. _targets.Values])
    {
        Orders = [.. _orders],
        Pins = [.. _pins],
        Moves = [.. _moves],
    };
}
