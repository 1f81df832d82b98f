using AkkaScale.Cluster.Orders;
using AkkaScale.Sharding.Allocation;
using AkkaScale.Sharding.Options;
using AkkaScale.Sharding.Stuck;
using static AkkaScale.Tests.Unit.SteeredAllocation.RandomRegion;

namespace AkkaScale.Tests.Unit.SteeredAllocation;

/// <summary>A coordinator's region of four shards on two members, all even, and rounds over it.</summary>
public abstract class SteeringConversation
{
    private protected const int Shards = 4;

    private protected static readonly string A = Member(1).Address;
    private protected static readonly string B = Member(2).Address;
    private protected static readonly string C = Member(3).Address;
    private protected static readonly AllocationOptions Options = new();

    private protected readonly AllocationOptions _options = new();
    private protected readonly SteeringState _state = new();
    private protected readonly Dictionary<int, string> _homes = new() { [0] = A, [1] = B, [2] = A, [3] = B };
    private protected readonly HashSet<int> _inProgress = [];
    private protected readonly List<AllocationMember> _members = [Member(1), Member(2)];
    private protected readonly List<NodeOrder> _nodes = [];
    private protected List<ShardOrder>? _orders = [];
    private protected Dictionary<int, string>? _holders = [];
    private protected IReadOnlyList<InheritedRest> _inherited = [];
    private protected Dictionary<int, StuckEntity> _stuck = [];
    private protected TimeSpan _quiet = TimeSpan.FromMinutes(1);
    private protected int[] _weights = [];
    private protected bool _isCut;
    private protected double _now = 100;

    private protected static AllocationMove Move(int shard, string from, string to) => new(shard, from, to, "");

    private protected static AllocationMove Single(SteeringOutcome outcome) => Assert.Single(outcome.Moves, move => move.Reason.Length > 0);

    private protected static void AssertQuiet(SteeringOutcome outcome) =>
        Assert.Equal(([], []), (outcome.Moves.ToArray(), outcome.Ended.ToArray()));

    /// <summary>Each lease is where its shard's home is.</summary>
    private protected void Hold() => _holders = new Dictionary<int, string>(_homes);

    private protected void Order(int shard, string node) =>
        _orders!.Add(new ShardOrder("r", shard, node, "jo", "") { At = DateTime.UnixEpoch.AddSeconds(_now) });

    private protected void Pin(int shard, string node) =>
        _orders!.Add(new ShardOrder("r", shard, node, "jo", "") { Kind = ShardOrderKind.Pin, At = DateTime.UnixEpoch.AddSeconds(_now) });

    private protected SteeringOutcome Step(double later = 0)
    {
        _now += later;
        return SteeringMachine.Step(
            _state,
            new SteeringRound
            {
                Now = TimeSpan.FromSeconds(_now),
                Homes = new Dictionary<int, string>(_homes),
                InProgress = new HashSet<int>(_inProgress),
                Open = [.. _members],
                Regions = [.. _members],
                Holders = _holders,
                Orders = _orders is null ? null : new StandingOrders([.. _orders], [.. _nodes]),
                IsCut = _isCut,
                QuietFor = _quiet,
                Inherited = _inherited,
                Stuck = _stuck,
                Weights = [.. _weights],
            },
            _options, Shards);
    }

    private protected string? Place(int shard, string? holder) => HomeChoice.Make(
        _state,
        new HomeRequest(
            TimeSpan.FromSeconds(_now), shard, holder, _members, _members.Select(member => member.Address).ToHashSet(),
            new Dictionary<int, string>(_homes)))?.Address;
}
