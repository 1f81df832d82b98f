using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using Xunit;
using static AkkaScale.Tests.Unit.Membership.World;

namespace AkkaScale.Tests.Unit.Membership;

public sealed class ClusterMachineTests
{
    [Fact]
    public void A_lost_member_revokes_its_lease_drops_everything_and_only_then_says_that_it_is_dead()
    {
        var world = new World().Member(Me, MemberStatus.Up).Owner(0, Me, 4).Target(0, Me);
        var machine = new ClusterMachine(
            new MembershipMachine(Me, world.Options), new OwnershipMachine(Me, world.Options, new Random(1)), coordinator: null);
        var lease = new LeaseTimes(At(0), At(1.8));
        Assert.IsType<ClusterEffect.StartShard>(Assert.Single(machine.Step(new ClusterInput.Polled(world.Reading(), machine.Ticket, lease), At(0))));

        Assert.Collection(
            machine.Step(new ClusterInput.LeaseLost(), At(0.5)),
            effect => Assert.IsType<ClusterEffect.RevokeLease>(effect),
            effect => Assert.Equal(new ClusterEffect.DropShard(new ShardEpoch(0, 4)), effect),
            effect => Assert.Equal(MemberStatus.Dead, Assert.IsType<ClusterEffect.ChangeStatus>(effect).Change.To));
        Assert.Empty(machine.Step(new ClusterInput.Polled(world.Reading(), machine.Ticket, lease), At(0.6)));
    }
}
