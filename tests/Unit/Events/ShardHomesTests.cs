using AkkaScale.Management.Events;

namespace AkkaScale.Tests.Unit.Events;

public sealed class ShardHomesTests
{
    private readonly ShardHomes _homes = new();
    private Dictionary<string, string> _names = new() { ["a"] = "node-1", ["b"] = "node-2" };

    [Fact]
    public void The_first_map_is_no_change_and_each_change_after_it_is_told_once()
    {
        Assert.Empty(Take("task", (0, "a"), (1, "a"), (2, "b")));
        Assert.Empty(Take("task", (0, "a"), (1, "a"), (2, "b")));
        Assert.Equal(["task/1 node-1 to node-2"], Take("task", (0, "a"), (1, "b"), (2, "b")));
        Assert.Empty(Take("task", (0, "a"), (1, "b"), (2, "b")));
        Assert.Equal(["task/3 nobody to node-1"], Take("task", (0, "a"), (1, "b"), (2, "b"), (3, "a")));
    }

    [Fact]
    public void A_shard_on_its_way_is_told_of_when_it_has_arrived()
    {
        Take("task", (0, "a"), (1, "a"));
        Assert.Empty(Take("task", (0, "a")));
        Assert.Equal(["task/1 node-1 to node-2"], Take("task", (0, "a"), (1, "b")));

        // Back where it was: nothing has changed.
        Assert.Empty(Take("task", (1, "b")));
        Assert.Empty(Take("task", (0, "a"), (1, "b")));
    }

    [Fact]
    public void Regions_do_not_mix()
    {
        Take("task", (0, "a"));
        Assert.Empty(Take("user", (0, "b")));
        Assert.Equal(["user/0 node-2 to node-1"], Take("user", (0, "a")));
    }

    [Fact]
    public void A_node_that_nobody_knows_any_more_is_told_of_by_the_name_it_had()
    {
        Take("task", (0, "a"));
        _names = new() { ["b"] = "node-2" };
        Assert.Equal(["task/0 node-1 to node-2"], Take("task", (0, "b")));
    }

    private IEnumerable<string> Take(string region, params (int Shard, string Address)[] homes) => _homes
        .Take(region, homes.ToDictionary(each => each.Shard, each => each.Address), address => _names[address], default)
        .Select(change => $"{change.Region}/{change.Shard} {change.From ?? "nobody"} to {change.To}");
}
