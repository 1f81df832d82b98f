using System.Text.Json;
using AkkaScale.Cluster.Decisions;
using AkkaScale.Cluster.Orders;
using AkkaScale.Management.Facts;

namespace AkkaScale.Tests.Unit.Management;

/// <summary>A cluster of one node and two shards that always answers the same, or always fails.</summary>
internal sealed class FakeCluster : IClusterFacts, IEntityFacts, IClusterOrders
{
    private const string Address = "akka.tcp://test@127.0.0.1:4053";
    private static readonly DateTimeOffset Then = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly ShardOrder Pin = new("task", 0, "node-2", "jo", "large") { Kind = ShardOrderKind.Pin, At = Then.UtcDateTime };

    public Exception? Failure { get; init; }

    /// <summary>What it was last ordered or asked, in words.</summary>
    public string Asked { get; private set; } = "";

    public IReadOnlyList<string> Kinds { get; } = ["task", "user"];

    public IReadOnlyList<string> Regions => Kinds;

    public bool IsMember => Failure is null;

    public IReadOnlyList<string> NotReadyReasons => IsMember ? [] : ["the node is not a member"];

    public Task<ClusterStatus> StatusAsync(CancellationToken cancellationToken) => Answer("status", new ClusterStatus(
        "test", "node-1", "sqlite", 2, 0, new CoordinatorFacts("node-1", Address),
        new Dictionary<string, int> { ["Up"] = 1, ["Down"] = 2 }, 1, 1, 0,
        [new RegionFacts("task", 2)], true)
    {
        IsManual = false,
    });

    public Task<ClusterMembers> MembersAsync(CancellationToken cancellationToken) =>
        Answer("members", new ClusterMembers(Address, null, Address, [Member], [new UnreachableMember(Address, ["a", "b"])]) { Orders = [new NodeOrder("node-9", NodeOrderKind.Drain, "jo", "new disk") { At = Then.UtcDateTime }] });

    public Task<MemberFacts> MemberAsync(string name, CancellationToken cancellationToken) => Answer($"member {name}", Member);

    public Task<ShardMapFacts> ShardsAsync(CancellationToken cancellationToken) => Answer("shards", new ShardMapFacts(
        [new RegionFacts("task", 2), new RegionFacts("user", 0)],
        [
            new ShardFacts(First, "node-1", "m-1", 3, "node-2", "balance", 7) { PinnedTo = "node-2", Order = Pin },
            new ShardFacts(Second, null, null, 0, null, null, null),
        ]));

    public Task<ShardStory> WhyAsync(ShardKey shard, CancellationToken cancellationToken) => Answer(
        $"why {shard}",
        new ShardStory(
            new ShardFacts(First, "node-1", "m-1", 3, null, null, null), Then.UtcDateTime, "ordered by jo",
            Pin with { NodeName = "node-1" }, ["it is pinned to node-1"], [Decision]));

    public Task<DecisionPage> DecisionsAsync(long? after, int limit, CancellationToken cancellationToken) =>
        Answer($"decisions after {after}, {limit}", new DecisionPage(after is null ? [] : [Decision], 9));

    public Task<ShardPlanFacts> PlanAsync(PlanWish wish, CancellationToken cancellationToken) => Answer(
        $"{wish}",
        new ShardPlanFacts([new PlannedMove(First, "node-1", "node-2", "node-1 has 2, node-2 0", 3)], [new PlannedNode("node-1", 2, 1, 120, null)], ["wait"]));

    public Task<IReadOnlyList<ShardResidents>> ResidentsAsync(string kind, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<ShardResidents>>(
            $"residents of {kind}", [new ShardResidents(First, 5), new ShardResidents(Second, null)]);

    public Task<EntityPlace> WhereAsync(string kind, string id, CancellationToken cancellationToken) =>
        Answer($"where {kind} {id}", new EntityPlace(kind, id, First, "node-1", "m-1", 3, 42, null));

    public Task<EntityFacts> ShowAsync(string kind, string id, CancellationToken cancellationToken) =>
        Answer($"show {kind} {id}", new EntityFacts(kind, id, First, "node-1", 42, true, true, JsonElement.Parse("""{"a":1}""")));

    public Task<EventPage> EventsAsync(string kind, string id, long after, int limit, CancellationToken cancellationToken) => Answer(
        $"events {kind} {id} after {after}, {limit}",
        new EventPage([new EntityEvent(1, "created", First, 3, "c-1", Then, JsonElement.Parse("{}"))], 1));

    public Task<JournalCheck?> VerifyAsync(ShardKey shard, CancellationToken cancellationToken) => Answer(
        $"verify {shard.Region}/{shard.Number}",
        shard.Number > 1
            ? null
            : new JournalCheck(
                shard, 9, 3, [new JournalViolation("I2", "task/t-1", "gap"), new JournalViolation("I3", null, "two owners")]));

    public Task<JournalFigures> FiguresAsync(string? region, int first, int? count, CancellationToken cancellationToken) => Answer(
        $"figures {(region is null ? "" : $"{region} ")}{first} {count}",
        new JournalFigures(
            2, [new ShardFigures(First, 1, 2, 4, 5, 6), new ShardFigures(Second, 10, 20, 40, 50, 60)]));

    public Task<MemberOrderOutcome> LeaveAsync(string member, CancellationToken cancellationToken) =>
        Answer($"leave {member}", new MemberOrderOutcome("m-1", Address, "node-1", "Leaving", "It leaves.", null));

    public Task<MemberOrderOutcome> DownAsync(string member, CancellationToken cancellationToken) =>
        Answer($"down {member}", new MemberOrderOutcome("m-1", Address, "node-1", "Down", "It is down.", TimeSpan.FromSeconds(2.76)));

    public Task<JoinOutcome> JoinAsync(string address, CancellationToken cancellationToken) =>
        Answer($"join {address}", new JoinOutcome("It is a member.", Address, "node-1"));

    public Task<MoveOutcome> MoveAsync(MoveOrder order, CancellationToken cancellationToken) =>
        Answer($"{order}", new MoveOutcome(order.Shard, null, "node-2", 3, order.ExpectedEpoch is null));

    public Task<PinOutcome> PinAsync(MoveOrder order, CancellationToken cancellationToken) =>
        Answer($"pin {order}", new PinOutcome(order.Shard, "node-1", order.Node, 3, order.ExpectedEpoch is null));

    public Task<PinOutcome> UnpinAsync(ShardKey shard, CancellationToken cancellationToken) =>
        Answer($"unpin {shard}", new PinOutcome(shard, "node-1", null, 3, true));

    public Task<NodeOrderOutcome> OrderNodeAsync(NodeWish wish, CancellationToken cancellationToken) =>
        Answer($"{wish}", new NodeOrderOutcome(wish.Node, wish.Kind, 5, "So be it."));

    public Task<IReadOnlyList<MoveOutcome>> RebalanceAsync(RebalanceOrder order, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<MoveOutcome>>($"{order}", [new MoveOutcome(First, "node-1", "node-2", 3, false)]);

    public Task<PassivationOutcome> PassivateAsync(string kind, string id, CancellationToken cancellationToken) =>
        Answer($"passivate {kind} {id}", new PassivationOutcome(kind, id, First, "node-1", true));

    private static ShardDecision Decision { get; } = new(
        "task", 0, ShardDecisionKind.Home, null, "node-1", "it was sent there", new Dictionary<string, double> { ["handOverSeconds"] = 0.14 }, "node-2")
    {
        Nr = 9,
        At = Then.UtcDateTime,
    };

    private ShardKey First => new("task", 0);

    private ShardKey Second => new("task", 1);

    private static MemberFacts Member { get; } =
        new("m-1", Address, "node-1", "Up", ["entity"], "127.0.0.1:8558", "0.1.0", 1, 17, Then, "joined")
        {
            Order = new NodeOrder("node-1", NodeOrderKind.Cordon, "jo", "new disk") { At = Then.UtcDateTime },
        };

    private Task<T> Answer<T>(string asked, T answer)
    {
        Asked = asked;
        return Failure is null ? Task.FromResult(answer) : Task.FromException<T>(Failure);
    }
}
