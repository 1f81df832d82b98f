using AkkaScale.LegacySharding.Allocation;
using Xunit;

namespace AkkaScale.Tests.Unit.Allocation;

public sealed class AllocationOptionsTests
{
    public static TheoryData<string, AllocationOptions> Wrong => new()
    {
        { "Allocation:Name", new() { Name = "random" } },
        { "Allocation:MaxMovingShards", new() { MaxMovingShards = 0 } },
        { "Allocation:MaxMovingShardsPerNode", new() { MaxMovingShardsPerNode = 0 } },
        { "Allocation:MessageWeight", new() { MessageWeight = -1 } },
        { "Allocation:ResidentWeight", new() { ResidentWeight = double.NaN } },
        { "Allocation:ShardWeight", new() { ShardWeight = 0 } },
        { "Allocation:Hysteresis", new() { Hysteresis = double.NaN } },
        { "Allocation:LoadWindow", new() { LoadWindow = TimeSpan.Zero } },
    };

    [Fact]
    public void The_defaults_can_work() => Assert.Empty(new AllocationOptions().Validate());

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_setting_that_cannot_work_is_named(string key, AllocationOptions options) =>
        Assert.StartsWith(key + " is ", Assert.Single(options.Validate()), StringComparison.Ordinal);

    [Theory]
    [InlineData(AllocationOptions.Weighted, typeof(WeightedAllocation))]
    [InlineData(AllocationOptions.LeastShards, typeof(LeastShardsAllocation))]
    public void The_name_chooses_the_allocation(string name, Type expected) =>
        Assert.IsType(expected, new AllocationOptions { Name = name }.Create());
}
