using AkkaScale.Hosting.Management;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Allocation;
using AkkaScale.Tests.Unit.Membership;
using static AkkaScale.Tests.Unit.Membership.World;

namespace AkkaScale.Tests.Unit.Allocation;

/// <summary>A plan is that of the orders in force, not of those that the coordinator saw last.</summary>
public sealed class PlanFreshnessTests
{
    private readonly World _world = new World().Member(Me, MemberStatus.Up).Member(Other, MemberStatus.Up).Member(Third, MemberStatus.Up, role: MemberSnapshot.GatewayRole);

    [Fact]
    public void A_plan_for_the_members_and_orders_of_now_is_taken() =>
        Assert.True(AllocationInspection.IsOf(_world.Order("node-2", NodeOrderKind.Drain).Reading(), Plan(("node-1", null), ("node-2", "drain"))));

    [Fact]
    public void A_plan_from_before_an_order_is_not() =>
        Assert.False(AllocationInspection.IsOf(_world.Order("node-2", NodeOrderKind.Drain).Reading(), Plan(("node-1", null), ("node-2", null))));

    [Fact]
    public void A_plan_from_before_an_order_was_taken_back_is_not() =>
        Assert.False(AllocationInspection.IsOf(_world.Reading(), Plan(("node-1", null), ("node-2", "cordon"))));

    [Fact]
    public void A_plan_without_a_member_that_has_come_is_not() => Assert.False(AllocationInspection.IsOf(_world.Reading(), Plan(("node-1", null))));

    private static AllocationPreview Plan(params (string Name, string? Order)[] members) => new(
        "weighted", true, 0, 0, [.. members.Select(member => new PreviewMember(member.Name, member.Order, 0, 0, 0, 0))], []);
}
