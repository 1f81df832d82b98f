using AkkaScale.Cluster.Downing;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using static AkkaScale.Tests.Unit.Cluster.Rows;

namespace AkkaScale.Tests.Unit.Cluster.Downing;

public sealed class DeathMachineTests
{
    private readonly DeathState _state = new("a");
    private readonly List<DeathEffect> _effects = [];
    private long _own;

    [Fact]
    public void Who_shows_one_counter_from_a_receipt_to_a_sending_that_long_after_is_declared_dead()
    {
        Read(10, 10.3, Row("a"), Row("b", renewals: 7));
        Watch(10.5, 12.4, Row("a"), Row("b", renewals: 7));
        Read(12.49, 12.5, Row("a"), Row("b", renewals: 7));
        Assert.Empty(Declared);
        Read(12.5, 12.5, Row("a"), Row("b", renewals: 7));
        var declared = Assert.Single(Declared);
        Assert.Equal(("b", NodeState.Live, 7), (declared.Incarnation, declared.State, declared.Renewals));
        Assert.StartsWith("did not renew for 2.2 s", declared.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_renews_within_the_time_lives_for_ever()
    {
        for (var at = 0.0; at < 60; at += 0.25)
        {
            Read(at, at, Row("a"), Row("b", renewals: (long)(at / 2)));
            Assert.Empty(Declared);
        }
    }

    [Fact]
    public void It_is_said_again_at_each_reading_until_the_row_shows_it()
    {
        Watch(0, 2.25, Row("a"), Row("b"));
        Assert.Single(Declared);
        Read(2.5, 2.5, Row("a"), Row("b"));
        Assert.Single(Declared);
        Read(2.75, 2.75, Row("a"), Row("b", NodeState.Dead));
        Assert.Empty(Declared);
    }

    [Fact]
    public void Who_was_down_for_the_time_is_declared_dead_whatever_it_counted_before()
    {
        Watch(0, 2, Row("a"), Row("b"));
        Watch(2, 4.1, Row("a"), Row("b", NodeState.Down, reason: "an operator"));
        Assert.Empty(Declared);
        Read(4.25, 4.25, Row("a"), Row("b", NodeState.Down, reason: "an operator"));
        Assert.Equal(NodeState.Down, Assert.Single(Declared).State);
        Assert.Contains("an operator", Declared.Single().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_reading_that_failed_counts_begin_anew()
    {
        Watch(0, 2, Row("a"), Row("b"));
        Say(new DeathInput.ReadFailed(At(2.1)));
        Watch(2.2, 4.2, Row("a"), Row("b"));
        Assert.Empty(Declared);
        Read(4.5, 4.5, Row("a"), Row("b"));
        Assert.Single(Declared);
    }

    [Theory]
    [InlineData(3.1, 3.1)] // the observer was stopped between two readings
    [InlineData(2.1, 3.2)] // the database, or the observer, was stopped within one
    public void After_a_gap_counts_begin_anew(double sentAt, double receivedAt)
    {
        Watch(0, 2, Row("a"), Row("b"));
        Read(sentAt, receivedAt, Row("a"), Row("b"));
        Watch(receivedAt + 0.25, receivedAt + 2, Row("a"), Row("b"));
        Assert.Empty(Declared);
        Read(receivedAt + 2.25, receivedAt + 2.25, Row("a"), Row("b"));
        Assert.Single(Declared);
    }

    /// <summary>A database that is read and takes no renewals, as while all of them wait for a lock or a full disk.</summary>
    [Fact]
    public void While_the_own_counter_rests_nobody_is_judged_and_then_counts_begin_anew()
    {
        Watch(0, 0.25, Row("a"), Row("b", renewals: 1));
        Watch(0.5, 1, Row("a"), Row("b", renewals: 2));
        var rests = Row("a", renewals: _own);
        for (var at = 1.25; at <= 6; at += 0.25)
        {
            Say(new DeathInput.Read(Reading(rests, Row("b", renewals: 2)), At(at), At(at)));
            Assert.Empty(Declared);
        }

        Watch(6.25, 8, Row("a"), Row("b", renewals: 2));
        Assert.Empty(Declared);
        Watch(8.25, 8.5, Row("a"), Row("b", renewals: 2));
        Assert.Single(Declared);
    }

    [Fact]
    public void Nobody_declares_itself()
    {
        Watch(0, 10, Row("a"));
        Assert.Empty(Declared);
    }

    [Theory]
    [InlineData(NodeState.Down, NodeEnd.Down)]
    [InlineData(NodeState.Dead, NodeEnd.Dead)]
    [InlineData(NodeState.Left, NodeEnd.Dead)]
    public void The_own_row_ends_the_process_once_and_then_it_declares_nobody(NodeState own, NodeEnd why)
    {
        Watch(0, 2, Row("a"), Row("b"));
        Read(2.25, 2.25, Row("a", own), Row("b"));
        Assert.Equal(why, Assert.Single(_effects.OfType<DeathEffect.End>()).Why);
        Assert.Equal(why == NodeEnd.Down, _effects.OfType<DeathEffect.GiveWay>().Any());
        Assert.Empty(Declared);
        Read(2.5, 2.5, Row("a", own), Row("b"));
        Assert.IsType<DeathEffect.Publish>(Assert.Single(_effects));
    }

    [Fact]
    public void Who_was_sent_away_gives_way_before_it_ends_by_the_counter_that_its_row_has()
    {
        Say(new DeathInput.Read(Reading(Row("a", NodeState.Down, renewals: 7, reason: "an operator")), At(0), At(0)));
        var way = Assert.IsType<DeathEffect.GiveWay>(_effects[^2]);
        Assert.Equal((7, "has ended after it was sent away: an operator"), (way.Renewals, way.Reason));
        Assert.IsType<DeathEffect.End>(_effects[^1]);
    }

    [Fact]
    public void A_row_that_is_gone_ends_the_process_but_not_one_that_was_not_there_yet()
    {
        Read(0, 0, Row("b"));
        Assert.Empty(_effects.OfType<DeathEffect.End>());
        Read(0.25, 0.25, Row("a"), Row("b"));
        Read(0.5, 0.5, Row("b"));
        Assert.Equal(NodeEnd.Dead, Assert.Single(_effects.OfType<DeathEffect.End>()).Why);
    }

    [Fact]
    public void Who_leaves_may_find_its_row_so()
    {
        Read(0, 0, Row("a"));
        Say(new DeathInput.Leaving());
        Read(0.25, 0.25, Row("a", NodeState.Left));
        Assert.Empty(_effects.OfType<DeathEffect.End>());
    }

    [Fact]
    public void Another_generation_than_the_joined_one_ends_the_process_none_yet_does_not()
    {
        Read(0, 0, Row("a", generation: 0));
        Assert.Empty(_effects.OfType<DeathEffect.End>());
        Read(0.25, 0.25, Row("a", generation: 2));
        Assert.Equal(NodeEnd.OtherGeneration, Assert.Single(_effects.OfType<DeathEffect.End>()).Why);
    }

    [Fact]
    public void The_snapshot_knows_each_member_by_address_and_number()
    {
        Read(1, 2, Row("a"), Row("b", NodeState.Down, address: "x"), Row("c", NodeState.Dead, address: "x"), Row("d", NodeState.Left));
        var members = Assert.Single(_effects.OfType<DeathEffect.Publish>()).Members;
        Assert.Equal(MemberVerdict.Live, members.VerdictOf("at-a", 'a'));
        Assert.Equal(MemberVerdict.Down, members.VerdictOf("x", 'b'));
        Assert.Equal(MemberVerdict.Gone, members.VerdictOf("x", 'c'));
        Assert.Equal(MemberVerdict.Gone, members.VerdictOf("at-d", 'd'));
        Assert.Equal(MemberVerdict.Unknown, members.VerdictOf("x", 'e'));
        Assert.Equal((1, "a", At(1), At(2)), (members.Generation, members.Founder, members.SentAt, members.ReceivedAt));
        Assert.Equal("x", members.Nodes["b"].Address);
    }

    [Fact]
    public void Who_lost_its_lock_and_its_link_has_ended_and_is_dead_at_once()
    {
        Read(0, 0, Row("a"), Locked("b", true));
        Say(new DeathInput.LinkEnded("b", At(0.3)));
        Read(0.31, 0.31, Row("a"), Locked("b", true));
        Assert.Empty(Declared);
        Read(0.37, 0.37, Row("a"), Locked("b", false, renewals: 9));
        var declared = Assert.Single(Declared);
        Assert.Equal(("b", NodeState.Live, 9), (declared.Incarnation, declared.State, declared.Renewals));
        Assert.StartsWith("has ended", declared.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("its session was terminated")]
    [InlineData("its link alone broke")]
    [InlineData("its link broke long before")]
    [InlineData("its lock was never seen held")]
    [InlineData("its lock was seen held before the observer's own session broke")]
    [InlineData("it is not seen at an address of its own")]
    [InlineData("whether it is locked cannot be known")]
    [InlineData("it is another one whose link broke")]
    [InlineData("it was switched off")]
    public void Nothing_less_shows_that_a_process_has_ended(string why)
    {
        if (why != "its lock was never seen held")
        {
            Read(0, 0, Row("a"), Locked("b", true));
        }

        if (why == "its lock was seen held before the observer's own session broke")
        {
            Say(new DeathInput.ReadFailed(At(0.1)));
        }

        if (why != "its session was terminated")
        {
            Say(new DeathInput.LinkEnded(why == "it is another one whose link broke" ? "c" : "b", At(0.3)));
        }

        var after = why == "its link broke long before" ? 1.31 : 0.4;
        if (after > 1)
        {
            Read(0.8, 0.8, Row("a"), Locked("b", true));
        }

        bool? held = why switch
        {
            "its link alone broke" => true,
            "whether it is locked cannot be known" => null,
            _ => false,
        };
        var row = Locked("b", held) with { IsDirect = why != "it is not seen at an address of its own" };
        _effects.Clear();
        DeathMachine.Step(
            _state,
            new DeathInput.Read(Reading(Row("a"), row), At(after), At(after)),
            why == "it was switched off" ? new ClusterDatabaseOptions { DetectEndedProcesses = false } : Options,
            _effects);
        Assert.Empty(Declared);
    }

    private static NodeRow Locked(string incarnation, bool? held, long renewals = 1) =>
        Row(incarnation, renewals: renewals) with { Locked = held, IsDirect = true };

    private IEnumerable<DeathEffect.Declare> Declared => _effects.OfType<DeathEffect.Declare>();

    /// <summary>Readings of no length each quarter of a second, the ends included.</summary>
    private void Watch(double from, double to, params NodeRow[] rows)
    {
        for (var at = from; at <= to + 0.001; at += 0.25)
        {
            Read(at, at, rows);
        }
    }

    /// <summary>The own row has been renewed at each reading.</summary>
    private void Read(double sentAt, double receivedAt, params NodeRow[] rows)
    {
        _own++;
        var own = rows.Select(row => row.Incarnation == _state.Own ? row with { Renewals = _own } : row);
        Say(new DeathInput.Read(Reading([.. own]), At(sentAt), At(receivedAt)));
    }

    private void Say(DeathInput input)
    {
        _effects.Clear();
        DeathMachine.Step(_state, input, Options, _effects);
    }
}
