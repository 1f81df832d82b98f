using AkkaScale.Cluster.Liveness;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using static AkkaScale.Tests.Unit.Cluster.Rows;

namespace AkkaScale.Tests.Unit.Cluster.Liveness;

public sealed class LivenessMachineTests
{
    private readonly LivenessState _state = new();
    private readonly List<LivenessEffect> _effects = [];

    [Fact]
    public void It_renews_at_once_and_then_each_quarter_of_the_time_to_live_from_sending_to_sending()
    {
        Tick(10);
        Assert.IsType<LivenessEffect.Renew>(Only);
        Renewed(10, 10.3);
        Assert.Equal(At(10.5), LivenessMachine.NextAt(_state));
        Tick(10.49);
        Assert.Empty(_effects);
        Tick(10.5);
        Assert.IsType<LivenessEffect.Renew>(Only);
    }

    [Fact]
    public void Before_the_first_renewal_it_serves_nothing() => Assert.True(_state.Deadline < At(-1));

    [Fact]
    public void The_deadline_counts_from_the_sending_of_the_renewal_not_from_its_answer()
    {
        Tick(10);
        Renewed(10, 11.5);
        Assert.Equal(At(11.8), Assert.Single(_effects.OfType<LivenessEffect.DeadlineMoved>()).Until);
    }

    [Fact]
    public void A_process_that_thaws_does_not_serve_on_the_strength_of_a_renewal_sent_before_it_was_stopped()
    {
        Tick(10);
        Renewed(10, 70);
        Assert.Equal(At(11.8), _state.Deadline);
        Assert.IsType<LivenessEffect.Renew>(_effects[^1]);
        Renewed(70, 70.1);
        Assert.Equal(At(71.8), _state.Deadline);
    }

    [Fact]
    public void While_a_renewal_is_under_way_no_other_is_sent()
    {
        Tick(10);
        Tick(15);
        Assert.Empty(_effects);
        Assert.Null(LivenessMachine.NextAt(_state));
    }

    [Fact]
    public void After_a_break_it_reconnects_at_once_then_at_most_twice_in_a_renew_interval_and_renews_at_once_after()
    {
        Tick(10);
        Say(new LivenessInput.Broken(At(10.1)));
        Assert.IsType<LivenessEffect.Reconnect>(Only);
        Say(new LivenessInput.Broken(At(10.15)));
        Assert.Empty(_effects);
        Assert.Equal(At(10.35), LivenessMachine.NextAt(_state));
        Tick(10.35);
        Assert.IsType<LivenessEffect.Reconnect>(Only);
        Say(new LivenessInput.Resumed(At(10.4)));
        Assert.IsType<LivenessEffect.Renew>(Only);
    }

    [Fact]
    public void A_session_that_breaks_right_after_each_resumption_is_not_tried_more_often()
    {
        Tick(10);
        Say(new LivenessInput.Broken(At(10)));
        Say(new LivenessInput.Resumed(At(10.01)));
        Say(new LivenessInput.Broken(At(10.02)));
        Assert.Empty(_effects);
        Assert.Equal(At(10.25), LivenessMachine.NextAt(_state));
    }

    [Fact]
    public void Past_its_deadline_it_has_lost_nothing_and_goes_on_when_it_renews_again()
    {
        Tick(10);
        Renewed(10, 10);
        Say(new LivenessInput.Broken(At(10.5)));
        for (var at = 11.0; at < 200; at++)
        {
            Say(new LivenessInput.Broken(At(at)));
            Assert.DoesNotContain(_effects, effect => effect is LivenessEffect.End);
        }

        Say(new LivenessInput.Resumed(At(200)));
        Renewed(200, 200);
        Assert.Equal(At(201.8), _state.Deadline);
    }

    [Theory]
    [InlineData(NodeState.Down, NodeEnd.Down)]
    [InlineData(NodeState.Dead, NodeEnd.Dead)]
    [InlineData(NodeState.Left, NodeEnd.Dead)]
    public void Its_row_ends_it_and_it_serves_nothing_from_then_on(NodeState row, NodeEnd why)
    {
        Tick(10);
        Renewed(10, 10);
        Tick(10.5);
        Say(new LivenessInput.Renewed(At(10.5), At(10.6), row));
        Assert.Equal(At(10.6), _state.Deadline);
        Assert.Equal(why, Assert.Single(_effects.OfType<LivenessEffect.End>()).Why);
        Tick(20);
        Assert.Empty(_effects);
    }

    [Fact]
    public void Who_leaves_stops_serving_before_the_row_says_so_and_a_late_renewal_changes_nothing()
    {
        Tick(10);
        Renewed(10, 10);
        Tick(10.5);
        Say(new LivenessInput.Leaving(At(10.6), "bye"));
        Assert.Equal(At(10.6), Assert.IsType<LivenessEffect.DeadlineMoved>(Only).Until);
        Renewed(10.5, 10.7);
        Assert.Equal("bye", Assert.IsType<LivenessEffect.Leave>(Only).Reason);
        Assert.Equal(At(10.6), _state.Deadline);
        Assert.False(_state.HasLeft);
        Say(new LivenessInput.HasLeft());
        Assert.True(_state.HasLeft);
        Tick(20);
        Assert.Empty(_effects);
    }

    [Fact]
    public void Leaving_sends_nothing_itself_and_is_repeated_until_it_is_answered()
    {
        Tick(10);
        Renewed(10, 10);
        Say(new LivenessInput.Leaving(At(10.1), "bye"));
        Assert.IsType<LivenessEffect.DeadlineMoved>(Only);
        Tick(10.1);
        Assert.IsType<LivenessEffect.Leave>(Only);
        Say(new LivenessInput.Broken(At(10.2)));
        Assert.IsType<LivenessEffect.Reconnect>(Only);
        Say(new LivenessInput.Resumed(At(10.3)));
        Assert.IsType<LivenessEffect.Leave>(Only);
    }

    [Fact]
    public void Who_left_and_finds_its_row_so_has_not_been_ended_by_others()
    {
        Tick(10);
        Say(new LivenessInput.Leaving(At(10.1), "bye"));
        Say(new LivenessInput.Renewed(At(10), At(10.2), NodeState.Left));
        Assert.Empty(_effects);
        Assert.True(_state.IsOver && _state.HasLeft);
    }

    [Fact]
    public void Who_is_ended_while_it_leaves_has_not_left()
    {
        Tick(10);
        Say(new LivenessInput.Leaving(At(10.1), "bye"));
        Say(new LivenessInput.Renewed(At(10), At(10.2), NodeState.Dead));
        Assert.Equal(NodeEnd.Dead, Assert.Single(_effects.OfType<LivenessEffect.End>()).Why);
        Assert.True(_state.IsOver && !_state.HasLeft);
    }

    private LivenessEffect Only => Assert.Single(_effects);

    private void Tick(double now) => Say(new LivenessInput.Tick(At(now)));

    private void Renewed(double sentAt, double now) => Say(new LivenessInput.Renewed(At(sentAt), At(now), NodeState.Live));

    private void Say(LivenessInput input)
    {
        _effects.Clear();
        LivenessMachine.Step(_state, input, Options, _effects);
    }
}
