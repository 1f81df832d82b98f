using System.Collections.Immutable;
using System.Globalization;
using AkkaScale.Hosting.Events;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Tests.Unit.Events;

/// <summary>A cluster that changes between two looks, and what is told of it; a line for each event.</summary>
internal sealed class EventStory
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private ClusterReading _reading = new(
        new ClusterIdentity("test", 4, 1, "db", 0), new CoordinatorTerm(null, 0), [], [.. Enumerable.Range(0, 4).Select(shard => new ShardOwner(shard, null, 0, ""))], []);

    private ImmutableHashSet<string> _cut = [];

    /// <summary>The node of that name, always the same incarnation.</summary>
    public static Incarnation Of(string name) => new(new Guid(int.Parse(name[^1..], CultureInfo.InvariantCulture), 0, 0, new byte[8]));

    public EventStory Member(string name, MemberStatus status) => With(_reading with
    {
        Members =
        [
            .. _reading.Members.Where(member => member.NodeName != name),
            new MemberSnapshot(Of(name), name, $"{name}:4053", $"{name}:8558", ["entity"], "1", status, 7, Noon, "told"),
        ],
    });

    public EventStory Forgotten(string name) => With(_reading with { Members = [.. _reading.Members.Where(member => member.NodeName != name)] });

    public EventStory Coordinator(string? name, long term) => With(_reading with { Coordinator = new CoordinatorTerm(name is null ? null : Of(name), term) });

    public EventStory Shard(int shard, string? owner, long epoch, string by) => With(_reading with
    {
        Owners = _reading.Owners.SetItem(shard, new ShardOwner(shard, owner is null ? null : Of(owner), epoch, by)),
    });

    public EventStory Target(int shard, string? target, string reason = "") => With(_reading with
    {
        Targets =
        [
            .. _reading.Targets.Where(row => row.Shard != shard),
            .. target is null ? Array.Empty<ShardTarget>() : [new ShardTarget(shard, Of(target), reason, Of("node-1"), 1)],
        ],
    });

    public EventStory Order(string name, NodeOrderKind? kind) => With(_reading with
    {
        Orders =
        [
            .. _reading.Orders.Where(order => order.NodeName != name),
            .. kind is null ? Array.Empty<NodeOrder>() : [new NodeOrder(name, kind.Value, "why", "jo", Noon)],
        ],
    });

    public EventStory Pin(int shard, string? name) => With(_reading with
    {
        Pins = [.. _reading.Pins.Where(pin => pin.Shard != shard), .. name is null ? Array.Empty<ShardPin>() : [new ShardPin(shard, name, "why", "jo", Noon)]],
    });

    /// <summary>Nobody reaches it; or everybody does again.</summary>
    public EventStory Cut(string name, bool isCut = true)
    {
        _cut = isCut ? _cut.Add(name) : _cut.Remove(name);
        return this;
    }

    public Sight Look() => new(this, ClusterSight.Of("test", _reading, (_, member) => _cut.Contains(member.NodeName)));

    private EventStory With(ClusterReading reading)
    {
        _reading = reading;
        return this;
    }

    /// <summary>A look; what is told from it to the next.</summary>
    internal sealed class Sight(EventStory story, ClusterSight before)
    {
        private readonly ClusterSight _before = before;

        public Sight Then(Action<EventStory> change, params IReadOnlyList<string> told)
        {
            change(story);
            var after = story.Look();
            Assert.Equal(told, SightDifference.Between(_before, after._before, Noon).Select(Tell));
            return after;
        }

        private static string Tell(ClusterEvent happened) => happened switch
        {
            MemberChanged member => $"{member.Type} {member.Member.Name} {member.Member.Status}",
            LeaderChanged leader => $"LeaderChanged {leader.Name} {leader.Leader}",
            ShardOwnerChanged owner => $"ShardOwnerChanged {owner.Shard}: {owner.From ?? "nobody"} to {owner.To ?? "nobody"}, epoch {owner.Epoch} by {owner.AcquiredBy}",
            ShardTargetChanged target => $"ShardTargetChanged {target.Shard}: {target.Owner ?? "nobody"} to {target.Target ?? "nowhere"}, {target.Reason}",
            NodeOrdered order => $"NodeOrdered {order.Node} {order.Order ?? "free"} {order.By}".TrimEnd(),
            ShardPinned pin => $"ShardPinned {pin.Shard} {pin.Node ?? "free"} {pin.By}".TrimEnd(),
            _ => happened.ToString(),
        };
    }
}
