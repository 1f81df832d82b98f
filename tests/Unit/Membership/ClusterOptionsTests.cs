using AkkaScale.LegacyCluster.Membership;
using Xunit;

namespace AkkaScale.Tests.Unit.Membership;

public sealed class ClusterOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(new ClusterOptions().Validate());

    [Fact]
    public void Every_setting_out_of_range_is_named_with_its_range()
    {
        var problems = new ClusterOptions
        {
            Name = " ",
            ShardCount = 65_537,
            LeaseTtl = TimeSpan.FromMilliseconds(499),
            ClockDrift = double.NaN,
        }.Validate();

        Assert.Collection(
            problems,
            problem => Assert.StartsWith("AkkaScale:Cluster:Name ", problem),
            problem => Assert.StartsWith("AkkaScale:Cluster:ShardCount is 65537; choose 1 to 65,536", problem),
            problem => Assert.StartsWith("AkkaScale:Cluster:LeaseTtl is 00:00:00.4990000; choose", problem),
            problem => Assert.StartsWith("AkkaScale:Cluster:ClockDrift is NaN; choose", problem));
    }
}
