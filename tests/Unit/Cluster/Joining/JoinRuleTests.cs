using AkkaScale.Cluster.Joining;
using AkkaScale.Cluster.Members;
using static AkkaScale.Tests.Unit.Cluster.Rows;

namespace AkkaScale.Tests.Unit.Cluster.Joining;

/// <summary>Seen from "m", whose address is "at-m".</summary>
public sealed class JoinRuleTests
{
    private static readonly TimeSpan TimeToLive = At(2);

    [Fact]
    public void It_joins_the_seed_nodes_that_a_contact_point_of_the_generation_shows()
    {
        var decision = Decide(2, "a", [Row("m", generation: 0), Row("a", generation: 2), Row("b", generation: 2)],
            [new ContactAnswer("at-a", ["at-b", "at-a"], ["at-a", "at-b"])]);
        var join = Assert.IsType<JoinDecision.JoinSeeds>(decision);
        Assert.Equal((2, "at-a,at-b"), (join.Generation, string.Join(",", join.Addresses)));
    }

    [Theory]
    [InlineData("at-x", "at-a")] // nobody of the generation answered
    [InlineData("at-o", "at-a")] // of another generation
    [InlineData("at-a", "at-x")] // what is shown is not live
    [InlineData("at-a", null)] // nothing is shown
    public void It_keeps_probing_while_no_contact_point_of_the_generation_shows_live_seed_nodes(string source, string? seed) =>
        Keeps("no contact point", Decide(2, "a", [Row("m", generation: 0), Row("a", generation: 2), Row("o", generation: 1)],
            [new ContactAnswer(source, seed is null ? [] : [seed], [])]));

    [Theory]
    [InlineData(NodeState.Live)]
    [InlineData(NodeState.Down)]
    public void It_keeps_probing_while_an_earlier_incarnation_at_its_address_is_not_gone(NodeState state) =>
        Keeps("at the same address", Decide(2, "a", [Row("m", generation: 0), Row("a", generation: 2), Row("l", state, generation: 2, address: "at-m")],
            [new ContactAnswer("at-a", ["at-a"], ["at-a"])]));

    [Theory]
    [InlineData("at-a", "at-m")]
    [InlineData("at-m", "at-a")]
    public void It_keeps_probing_while_somebody_knows_a_member_at_its_address(string seed, string member) =>
        Keeps("at the same address", Decide(2, "a", [Row("m", generation: 0), Row("a", generation: 2)], [new ContactAnswer("at-a", [seed, "at-a"], [member])]));

    [Fact]
    public void It_joins_once_the_earlier_incarnation_is_gone() => Assert.IsType<JoinDecision.JoinSeeds>(
        Decide(2, "a", [Row("m", generation: 0), Row("a", generation: 2), Row("l", NodeState.Dead, generation: 2, address: "at-m")],
            [new ContactAnswer("at-a", ["at-a"], ["at-a"])]));

    [Fact]
    public void The_oldest_founds_at_once() =>
        Assert.Equal(new JoinDecision.TryFound(0, null), Decide(0, null, [Row("m", generation: 0), Row("n", generation: 0)], [], waited: 0));

    [Theory]
    [InlineData(3.9, false)]
    [InlineData(4, true)]
    public void Each_younger_one_waits_a_time_to_live_longer_in_case_an_older_one_hangs(double waited, bool tries) =>
        Assert.Equal(tries, Decide(0, null, [Row("k", generation: 0), Row("l", generation: 0), Row("m", generation: 0)], [], waited) is JoinDecision.TryFound);

    [Theory]
    [InlineData(NodeState.Down)]
    [InlineData(NodeState.Dead)]
    public void A_new_generation_is_founded_when_nobody_of_the_old_one_is_live(NodeState founder) =>
        Assert.Equal(new JoinDecision.TryFound(3, "a"), Decide(3, "a", [Row("m", generation: 0), Row("a", founder, generation: 3)], []));

    [Fact]
    public void Nothing_is_founded_while_somebody_has_joined() =>
        Keeps("no contact point", Decide(3, "a", [Row("m", generation: 0), Row("b", generation: 3)], []));

    [Fact]
    public void Nothing_is_founded_while_the_founder_is_live() =>
        Keeps("founder a is live", Decide(3, "a", [Row("m", generation: 0), Row("a", generation: 0)], []));

    [Fact]
    public void Who_founded_and_did_not_learn_it_joins_itself()
    {
        var join = Assert.IsType<JoinDecision.JoinSeeds>(Decide(3, "m", [Row("m", generation: 3), Row("n", generation: 0)], []));
        Assert.Equal(["at-m"], join.Addresses);
    }

    [Fact]
    public void Who_joined_and_did_not_learn_it_joins_the_seed_nodes() => Assert.IsType<JoinDecision.JoinSeeds>(
        Decide(3, "a", [Row("m", generation: 3), Row("a", generation: 3)], [new ContactAnswer("at-a", ["at-a"], ["at-a"])]));

    [Fact]
    public void Who_is_of_the_generation_never_founds_another() =>
        Keeps("no contact point", Decide(3, "a", [Row("m", generation: 3)], [], waited: 100));

    [Fact]
    public void Who_is_of_another_generation_does_nothing() =>
        Keeps("of generation 2", Decide(3, "a", [Row("m", generation: 2)], [], waited: 100));

    [Theory]
    [InlineData(NodeState.Down)]
    [InlineData(NodeState.Dead)]
    public void Who_is_not_live_does_nothing(NodeState own) => Keeps("not live", Decide(0, null, [Row("m", own, generation: 0)], []));

    [Theory]
    [InlineData(NodeState.Live, 3, "at-a,at-b")]
    [InlineData(NodeState.Live, 0, "")] // it may not join yet
    [InlineData(NodeState.Live, 2, "")]
    [InlineData(NodeState.Down, 3, "")]
    public void Whoever_is_live_and_of_the_generation_may_let_in_who_is_too(NodeState state, long generation, string others) => Assert.Equal(
        others,
        string.Join(",", JoinRule.Others(
            new ClusterReading(3, "a",
            [
                Row("m", state, generation: generation), Row("a", generation: 3), Row("b", generation: 3),
                Row("c", NodeState.Down, generation: 3), Row("d", generation: 2), Row("e", generation: 0),
            ]),
            "m")));

    [Fact]
    public void Before_the_first_founding_nobody_lets_anybody_in() =>
        Assert.Empty(JoinRule.Others(new ClusterReading(0, null, [Row("m", generation: 0), Row("a", generation: 0)]), "m"));

    private static JoinDecision Decide(
        long generation, string? founder, IReadOnlyList<NodeRow> rows, IReadOnlyList<ContactAnswer> contacts, double waited = 1) =>
        JoinRule.Decide(new JoinView(new ClusterReading(generation, founder, rows), "m", "at-m", contacts, At(waited)), TimeToLive);

    private static void Keeps(string reason, JoinDecision decision) =>
        Assert.Contains(reason, Assert.IsType<JoinDecision.KeepProbing>(decision).Reason, StringComparison.Ordinal);
}
