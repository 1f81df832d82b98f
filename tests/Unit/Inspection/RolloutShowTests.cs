using Akka.Cluster;
using AkkaScale.Management.Inspection;

namespace AkkaScale.Tests.Unit.Inspection;

public sealed class RolloutShowTests
{
    [Fact]
    public void The_youngest_comes_first_the_coordinators_node_last_and_gateways_after_those_with_shards()
    {
        var rollout = RolloutShow.Of(Sights.Usual, [0.3, 0.1, 0.2]);

        // n2 is older than n1, and the gateway is older than both: it hosts no coordinators.
        Assert.Equal(["n1", "n2", "g1"], rollout.Steps.Select(step => step.Name));
        Assert.Equal([false, true, false], rollout.Steps.Select(step => step.IsCoordinator));
        Assert.Contains("the oldest", rollout.Steps[1].Why, StringComparison.Ordinal);
        Assert.Equal([1, 1, 0], rollout.Steps.Select(step => step.Shards));
        Assert.Equal([(0.2, 0.3), (0.2, 0.3), (0, 0)], rollout.Steps.Select(step => (step.WaitSeconds!.Value, step.LongestWaitSeconds!.Value)));
        Assert.Empty(rollout.Waits);
    }

    [Fact]
    public void The_last_is_where_status_says_that_the_coordinator_is()
    {
        var status = ShardShow.Status(Sights.Usual, "c", "sqlite", isReady: true);

        Assert.Equal(status.Coordinator!.Name, Assert.Single(RolloutShow.Of(Sights.Usual, []).Steps, step => step.IsCoordinator).Name);
    }

    [Fact]
    public void What_was_never_measured_is_unknown_and_not_nothing()
    {
        var rollout = RolloutShow.Of(Sights.Usual, []);

        Assert.Null(rollout.Steps[0].WaitSeconds);
        Assert.Equal(0, rollout.Steps[2].WaitSeconds);
    }

    [Fact]
    public void Whatever_is_under_way_should_be_over_first()
    {
        var away = Sights.With(new GossipMember(Sights.First, 1, MemberStatus.Up, new HashSet<string> { "entity" }, 2, false));
        Assert.Equal("n1 cannot be reached: wait until it can, or is gone", Assert.Single(RolloutShow.Of(away, []).Waits));

        var joining = Sights.With(new GossipMember(Sights.First, 1, MemberStatus.Joining, new HashSet<string> { "entity" }, 2, true));
        Assert.Contains("n1 is joining", Assert.Single(RolloutShow.Of(joining, []).Waits), StringComparison.Ordinal);

        var moving = Sights.Usual with
        {
            Regions = [Sights.Region([Sights.Held(0, "11", 3), Sights.Held(1, "22", 4)], new Dictionary<int, string> { [0] = Sights.Second, [1] = Sights.Second })],
        };
        Assert.Contains("1 shard is on its way", Assert.Single(RolloutShow.Of(moving, []).Waits), StringComparison.Ordinal);

        var unowned = Sights.Usual with { Regions = [Sights.Region([Sights.Held(0, "99", 3), Sights.Held(1, null, 4)], null)] };
        Assert.Contains("2 shards have no owner", Assert.Single(RolloutShow.Of(unowned, []).Waits), StringComparison.Ordinal);

        var alone = Sights.Usual with { Rows = [.. Sights.Usual.Rows.Where(row => row.Name != "n2")], Regions = [Sights.Region([], null)] };
        Assert.Contains("only one node", Assert.Single(RolloutShow.Of(alone, []).Waits), StringComparison.Ordinal);
    }
}
