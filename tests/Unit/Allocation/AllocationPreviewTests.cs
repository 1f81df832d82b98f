using AkkaScale.LegacySharding.Allocation;
using CsCheck;
using Xunit;
using static AkkaScale.Tests.Unit.Allocation.RandomCluster;

namespace AkkaScale.Tests.Unit.Allocation;

public sealed class AllocationPreviewTests
{
    private readonly IAllocation _allocation = new AllocationOptions().Create();

    [Fact]
    public void A_preview_tells_the_balance_before_and_after_and_what_fits_the_bounds_now()
    {
        var inputs = new AllocationInputs(
            [new(MemberNr(1), "node-1"), new(MemberNr(2), "node-2"), new(MemberNr(3), "node-3", IsDraining: true)],
            [.. Enumerable.Range(0, 8).Select(shard => new ShardPlacement(shard, MemberNr(shard < 6 ? 1 : 3), MemberNr(shard < 6 ? 1 : 3)))],
            MaxMovingShards: 1);

        var preview = AllocationPreview.FromJson(AllocationPreview.Make(_allocation, "weighted", inputs).ToJson());

        Assert.Equal(("weighted", false, 4, 1), (preview.Allocation, preview.LoadsKnown, preview.Moves, preview.AtOnce));
        Assert.Equal(
            [new("node-1", null, 6, 0, 4, 0), new("node-2", null, 0, 0, 4, 0), new("node-3", "drain", 2, 0, 0, 0)], preview.Members);
        Assert.Equal([(4, "node-1"), (5, "node-1"), (6, "node-3"), (7, "node-3")], preview.Shown.Select(move => (move.Shard, move.From!)));
        Assert.Single(preview.Shown, move => move is { AtOnce: true, To: "node-2", From: "node-3" });
    }

    /// <summary>What is shown is what the coordinator then does.</summary>
    [Fact]
    public void A_preview_is_the_plan_itself() => Any.Sample(
        inputs =>
        {
            var preview = AllocationPreview.Make(_allocation, "weighted", inputs);
            Assert.Equal(
                _allocation.Plan(inputs).Select(move => (move.Shard, move.Reason)), preview.Shown.Select(move => (move.Shard, move.Reason)));
        },
        iter: 100, threads: 1, print: Print);
}
