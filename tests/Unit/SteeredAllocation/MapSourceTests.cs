using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Routing;

namespace AkkaScale.Tests.Unit.SteeredAllocation;

/// <summary>Which of two maps counts.</summary>
public sealed class MapSourceTests
{
    private static readonly (string, int)[] ByAge = [("a", 1), ("b", 1), ("c", 1)];

    [Fact]
    public void The_first_map_of_a_member_is_taken_and_one_of_a_stranger_is_not()
    {
        Assert.True(new MapSource("b", 1, 1).Supersedes(null, ByAge));
        Assert.False(new MapSource("x", 1, 1).Supersedes(null, ByAge));
        Assert.False(new MapSource("a", 2, 9).Supersedes(null, ByAge));
    }

    [Fact]
    public void Of_one_source_the_later_round_counts()
    {
        Assert.True(new MapSource("a", 1, 3).Supersedes(new MapSource("a", 1, 2), ByAge));
        Assert.False(new MapSource("a", 1, 2).Supersedes(new MapSource("a", 1, 2), ByAge));
    }

    [Fact]
    public void The_next_coordinator_is_younger_and_its_first_map_counts_more_than_any_of_the_former()
    {
        Assert.True(new MapSource("b", 1, 1).Supersedes(new MapSource("a", 1, 700), ByAge));
        Assert.False(new MapSource("a", 1, 701).Supersedes(new MapSource("b", 1, 1), ByAge));
    }

    [Fact]
    public void A_source_that_is_no_member_any_more_is_followed_by_whoever_is() =>
        Assert.True(new MapSource("a", 1, 1).Supersedes(new MapSource("a", 0, 99), ByAge));

    [Fact]
    public void A_map_comes_out_as_it_went_in()
    {
        var homes = new Dictionary<int, string> { [0] = "a", [7] = "b", [3] = "a" };
        var map = ShardMapPublished.Of("task", "a", 1, 5, homes);
        Assert.Equal([0, 3], map.Shards["a"]);
        Assert.Equal(homes.OrderBy(each => each.Key), map.Homes().OrderBy(each => each.Key));
    }
}
