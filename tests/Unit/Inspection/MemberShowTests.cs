using Akka.Cluster;
using AkkaScale.Cluster.Members;
using AkkaScale.Management.Inspection;

namespace AkkaScale.Tests.Unit.Inspection;

public sealed class MemberShowTests
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Nobody = [];

    [Fact]
    public void Members_are_shown_in_order_of_name_with_leader_and_oldest()
    {
        var shown = MemberShow.Members(Sights.Usual, Nobody);
        Assert.Equal(["g1", "n1", "n2"], shown.Members.Select(member => member.Name));
        Assert.Equal((Sights.Gateway, Sights.First, Sights.Gateway), (shown.Self, shown.Leader, shown.Oldest));
        Assert.Empty(shown.Unreachable);
        var first = shown.Members[1];
        Assert.Equal(("11", Sights.First, "Up", "127.0.0.1:8558", "0.1.0"), (first.Id, first.Address, first.Status, first.ManagementAddress, first.Version));
        Assert.Equal((1, 17L, new DateTimeOffset(Sights.Then), "joined"), (first.Shards, first.Renewals, first.JoinedAt, first.Reason));
        Assert.Equal((0, ""), (shown.Members[0].Shards, shown.Members[0].ManagementAddress));
    }

    [Theory]
    [InlineData(NodeState.Live, MemberStatus.Up, "Up")]
    [InlineData(NodeState.Live, MemberStatus.Joining, "Joining")]
    [InlineData(NodeState.Live, MemberStatus.WeaklyUp, "Joining")]
    [InlineData(NodeState.Live, MemberStatus.Leaving, "Leaving")]
    [InlineData(NodeState.Live, MemberStatus.Exiting, "Leaving")]
    [InlineData(NodeState.Live, MemberStatus.Down, "Down")]
    [InlineData(NodeState.Down, MemberStatus.Up, "Down")]
    [InlineData(NodeState.Dead, MemberStatus.Up, "Dead")]
    public void The_database_says_what_ends_a_life_and_gossip_the_rest(NodeState state, MemberStatus status, string shown)
    {
        var sight = Sights.With(new GossipMember(Sights.First, 1, status, new HashSet<string> { "entity" }, 2, true));
        Assert.Equal(shown, MemberShow.StatusOf(sight, sight.Rows[0] with { State = state }));
    }

    [Fact]
    public void Who_took_a_members_address_is_another()
    {
        var sight = Sights.With(new GossipMember(Sights.First, 999, MemberStatus.Up, new HashSet<string> { "entity" }, 2, true));
        Assert.Equal("Joining", MemberShow.StatusOf(sight, sight.Rows[0]));
    }

    [Fact]
    public void Unreachable_is_whom_somebody_does_not_reach_and_by_whom()
    {
        var told = new Dictionary<string, IReadOnlyList<string>> { [Sights.First] = [Sights.Second], [Sights.Gateway] = [Sights.Second] };
        var shown = Assert.Single(MemberShow.Members(Sights.Usual, told).Unreachable);
        Assert.Equal((Sights.Second, $"{Sights.First} {Sights.Gateway}"), (shown.Address, string.Join(' ', shown.ObservedBy)));

        // Gossip knows it although nobody says that it is him.
        var sight = Sights.With(new GossipMember(Sights.First, 1, MemberStatus.Up, new HashSet<string> { "entity" }, 2, false));
        shown = Assert.Single(MemberShow.Members(sight, Nobody).Unreachable);
        Assert.Equal((Sights.First, Sights.Gateway), (shown.Address, Assert.Single(shown.ObservedBy)));
    }

    [Fact]
    public void Those_that_are_over_are_not_shown_and_those_that_are_down_are()
    {
        var gone = Sights.With(Sights.Row("n1", "11", Sights.First, 1) with { State = NodeState.Left });
        Assert.Equal(["g1", "n2"], MemberShow.Members(gone, Nobody).Members.Select(member => member.Name));
        var down = Sights.With(Sights.Row("n1", "11", Sights.First, 1) with { State = NodeState.Down, Reason = "told so" });
        var shown = MemberShow.Members(down, Nobody).Members[1];
        Assert.Equal(("Down", "told so"), (shown.Status, shown.Reason));
    }
}
