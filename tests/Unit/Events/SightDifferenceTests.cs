using System.Text;
using System.Text.Json;
using AkkaScale.Hosting.Events;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Tests.Unit.Events;

public sealed class SightDifferenceTests
{
    private static EventStory Calm => new EventStory()
        .Member("node-1", MemberStatus.Up).Member("node-2", MemberStatus.Up).Coordinator("node-1", 1)
        .Shard(0, "node-1", 1, "first").Shard(1, "node-2", 1, "first");

    [Fact]
    public void Nothing_is_told_of_a_cluster_in_which_nothing_changes() =>
        Calm.Look().Then(_ => { }).Then(cluster => cluster.Member("node-1", MemberStatus.Up));

    [Fact]
    public void A_node_joins_takes_a_shard_and_leaves() => Calm.Look()
        .Then(cluster => cluster.Member("node-3", MemberStatus.Joining), "MemberJoined node-3 Joining")
        .Then(cluster => cluster.Member("node-3", MemberStatus.Up), "MemberUp node-3 Up")
        .Then(cluster => cluster.Target(0, "node-3", "86 each"), "ShardTargetChanged 0: node-1 to node-3, 86 each")
        .Then(cluster => cluster.Shard(0, "node-3", 2, "handoff"), "ShardOwnerChanged 0: node-1 to node-3, epoch 2 by handoff")
        .Then(cluster => cluster.Member("node-3", MemberStatus.Leaving), "MemberLeft node-3 Leaving")
        .Then(cluster => cluster.Target(0, "node-1", "node-3 leaves").Shard(0, "node-1", 3, "handoff"),
            "ShardTargetChanged 0: node-1 to node-1, node-3 leaves", "ShardOwnerChanged 0: node-3 to node-1, epoch 3 by handoff")
        .Then(cluster => cluster.Member("node-3", MemberStatus.Removed), "MemberExited node-3 Exiting", "MemberRemoved node-3 Removed")
        .Then(cluster => cluster.Forgotten("node-3"));

    [Fact]
    public void A_node_dies_and_another_takes_over() => Calm.Look()
        .Then(cluster => cluster.Cut("node-2"), "UnreachableMember node-2 Up")
        .Then(cluster => cluster.Member("node-2", MemberStatus.Down), "MemberDowned node-2 Down")
        .Then(cluster => cluster.Member("node-2", MemberStatus.Dead), "MemberRemoved node-2 Removed")
        .Then(cluster => cluster.Shard(1, "node-1", 2, "takeover"), "ShardOwnerChanged 1: node-2 to node-1, epoch 2 by takeover");

    [Fact]
    public void Steps_that_no_look_fell_between_are_told_all_the_same()
    {
        Calm.Look().Then(cluster => cluster.Member("node-3", MemberStatus.Up), "MemberJoined node-3 Joining", "MemberUp node-3 Up");
        Calm.Look().Then(cluster => cluster.Member("node-2", MemberStatus.Dead), "MemberDowned node-2 Down", "MemberRemoved node-2 Removed");
        Calm.Look().Then(
            cluster => cluster.Member("node-2", MemberStatus.Removed), "MemberLeft node-2 Leaving", "MemberExited node-2 Exiting", "MemberRemoved node-2 Removed");
        Calm.Look().Then(cluster => cluster.Forgotten("node-2"), "MemberLeft node-2 Leaving", "MemberExited node-2 Exiting", "MemberRemoved node-2 Removed");
        Calm.Look().Then(cluster => cluster.Member("node-3", MemberStatus.Dead));
    }

    [Fact]
    public void Who_is_reached_again_is_told_of_and_who_is_over_is_not()
    {
        Calm.Look()
            .Then(cluster => cluster.Cut("node-2"), "UnreachableMember node-2 Up")
            .Then(cluster => cluster.Cut("node-2", false), "ReachableMember node-2 Up");
        Calm.Look().Then(cluster => cluster.Member("node-3", MemberStatus.Joining).Cut("node-3"), "MemberJoined node-3 Joining");
    }

    [Fact]
    public void The_leader_changes_also_to_nobody() => Calm.Look()
        .Then(cluster => cluster.Coordinator("node-2", 2), "LeaderChanged node-2 akkascale://test@node-2:4053")
        .Then(cluster => cluster.Coordinator("node-2", 3))
        .Then(cluster => cluster.Coordinator(null, 3), "LeaderChanged  ");

    [Fact]
    public void Orders_and_pins_are_given_changed_and_taken_back() => Calm.Look()
        .Then(cluster => cluster.Order("node-2", NodeOrderKind.Drain).Pin(3, "node-1"), "NodeOrdered node-2 drain jo", "ShardPinned 3 node-1 jo")
        .Then(cluster => cluster.Order("node-2", NodeOrderKind.Cordon).Pin(3, "node-2"), "NodeOrdered node-2 cordon jo", "ShardPinned 3 node-2 jo")
        .Then(cluster => cluster.Order("node-2", null).Pin(3, null), "NodeOrdered node-2 free", "ShardPinned 3 free");

    [Fact]
    public void A_shard_is_released_and_reloaded() => Calm.Look()
        .Then(cluster => cluster.Shard(1, null, 1, "first"), "ShardOwnerChanged 1: node-2 to nobody, epoch 1 by first")
        .Then(cluster => cluster.Shard(1, "node-2", 2, "takeover"), "ShardOwnerChanged 1: nobody to node-2, epoch 2 by takeover")
        .Then(cluster => cluster.Shard(1, "node-2", 3, "reload"), "ShardOwnerChanged 1: node-2 to node-2, epoch 3 by reload");

    [Fact]
    public void An_event_is_one_line_of_JSON_that_begins_with_its_type()
    {
        var at = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(
            """{"type":"ShardOwnerChanged","at":"2026-03-01T12:00:00+00:00","shard":3,"from":null,"to":"n\n","fromUid":null,"toUid":"u","epoch":2,"acquiredBy":"takeover"}""",
            Encoding.UTF8.GetString(EventEndpoints.Serialize(new ShardOwnerChanged(at, 3, null, "n\n", null, "u", 2, "takeover"))));

        var state = Encoding.UTF8.GetString(EventEndpoints.Serialize(
            ClusterSight.Of("test", Reading(), (_, _) => true).Describe(at)));
        using var json = JsonDocument.Parse(state);
        Assert.DoesNotContain('\n', state);
        Assert.Equal(["type", "at", "members", "unreachable", "leader"], json.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(2, json.RootElement.GetProperty("unreachable").GetArrayLength());
    }

    private static ClusterReading Reading() => new(
        new ClusterIdentity("test", 1, 1, "db", 0), new CoordinatorTerm(null, 0),
        [
            .. new[] { "node-1", "node-2" }.Select(name => new MemberSnapshot(
                EventStory.Of(name), name, $"{name}:1", "", ["entity"], "1", MemberStatus.Up, 1, default, "")),
        ],
        [new ShardOwner(0, null, 0, "")], []);
}
