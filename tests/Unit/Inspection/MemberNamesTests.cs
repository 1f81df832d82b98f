using AkkaScale.Cluster.Members;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Inspection;

namespace AkkaScale.Tests.Unit.Inspection;

public sealed class MemberNamesTests
{
    private const string Incarnation = "01a22a3679f17af5be04677e3ba297b5";

    private static readonly NodeRow Live = Sights.Row("n1", Incarnation, Sights.First, 1);

    [Theory]
    [InlineData("n1")]
    [InlineData(Incarnation)]
    [InlineData("01a22a36-79f1-7af5-be04-677e3ba297b5")]
    [InlineData(Sights.First)]
    [InlineData("127.0.0.1:4051")]
    [InlineData("akkascale@127.0.0.1:4051")]
    public void A_member_has_several_names(string name) =>
        Assert.Same(Live, MemberNames.Choose([Live, Sights.Row("n2", "22", Sights.Second, 2)], name, isLive: true));

    [Fact]
    public void The_live_one_of_a_name_is_meant()
    {
        var before = Live with { Incarnation = "00", State = NodeState.Dead };
        Assert.Same(Live, MemberNames.Choose([before, Live], "n1", isLive: true));
        Assert.Same(Live, MemberNames.Choose([before, Live], "n1", isLive: false));
    }

    [Fact]
    public void One_that_is_down_is_shown_but_takes_no_order()
    {
        var down = Live with { State = NodeState.Down, Reason = "sent away" };
        Assert.Same(down, MemberNames.Choose([down], "n1", isLive: false));
        Refused(409, "is down already: sent away", [down], "n1");
    }

    [Fact]
    public void Nobody_and_several_are_refused()
    {
        Refused(404, "live are n1", [Live], "n7");
        Refused(404, "live are n1", [Live], "7.0.0.1:4051");
        Refused(409, $"{Incarnation} or 99", [Live, Live with { Incarnation = "99" }], "n1");
        Refused(409, "is dead already", [Live with { State = NodeState.Dead }], "n1");
    }

    private static void Refused(int status, string says, IReadOnlyList<NodeRow> rows, string name)
    {
        var refused = Assert.Throws<OrderRefusedException>(() => MemberNames.Choose(rows, name, isLive: true));
        Assert.Equal(status, refused.Status);
        Assert.Contains(says, refused.Message);
    }
}
