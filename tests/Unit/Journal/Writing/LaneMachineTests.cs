using AkkaScale.Journal.Writing;

namespace AkkaScale.Tests.Unit.Journal.Writing;

public sealed class LaneMachineTests
{
    private readonly LaneConversation _lane = new();

    [Fact]
    public void The_first_write_wakes_the_writer_and_all_that_waits_goes_in_one_batch()
    {
        var first = _lane.Accept("a");
        Assert.IsType<LaneEffect.Wake>(Assert.Single(_lane.Effects));
        var second = _lane.Accept("b");
        Assert.Empty(_lane.Effects);
        Assert.Equal([first, second], _lane.Take().Requests);
    }

    [Fact]
    public void While_a_batch_is_with_the_writer_nothing_else_is_sent()
    {
        _lane.Accept("a");
        var batch = _lane.Take();
        var next = _lane.Accept("b");
        Assert.Empty(_lane.Effects);
        Assert.Null(_lane.Take());
        _lane.Answer(batch, true);
        Assert.Equal(batch.Requests, _lane.Completed);
        Assert.Equal([next], _lane.Take().Requests);
    }

    [Fact]
    public void A_batch_keeps_its_bounds_but_a_request_above_them_goes_alone()
    {
        var lane = new LaneConversation(new LaneLimits(BatchRows: 2, BatchBytes: 1000, WaitingRequests: 10, WaitingBytes: 100_000));
        var small = lane.Accept("a");
        var large = lane.Accept("b", bytes: 5000);
        var third = lane.Accept("c");
        var fourth = lane.Accept("d");
        var fifth = lane.Accept("e");
        foreach (var expected in new[] { new[] { small }, [large], [third, fourth], [fifth] })
        {
            var batch = lane.Take();
            Assert.Equal(expected, batch.Requests);
            lane.Answer(batch, true);
        }
    }

    [Fact]
    public void A_queue_that_is_full_fails_the_write_at_once_and_a_recovery_does_not_wait_for_it()
    {
        var lane = new LaneConversation(new LaneLimits(BatchRows: 1, BatchBytes: 1000, WaitingRequests: 1, WaitingBytes: 100_000));
        lane.Accept("a");
        var refused = lane.Accept("b");
        Assert.Equal([refused], lane.Failed);
        Assert.IsType<JournalOverloadedException>(Assert.IsType<LaneEffect.Fail>(Assert.Single(lane.Effects)).Error);
        var waiter = new RecoveryWaiter();
        lane.Say(new LaneInput.Recovering("b", waiter));
        Assert.Equal(new LaneEffect.Release(waiter), Assert.Single(lane.Effects));
    }

    [Fact]
    public void A_refused_slice_fails_its_own_writes_and_its_shard_is_told()
    {
        var kept = _lane.Accept("a", "s1", 1);
        var lost = _lane.Accept("b", "s2", 7);
        var free = _lane.Accept("c");
        var batch = _lane.Take();
        Assert.Equal([new Slice("s1", 1), new Slice("s2", 7), Slice.Unfenced], batch.Slices);
        _lane.Answer(batch, true, false, true);
        Assert.Equal([kept, free], _lane.Completed);
        Assert.Equal([lost], _lane.Failed);
        Assert.Equal(new Slice("s2", 7), Assert.Single(_lane.Effects.OfType<LaneEffect.TellLost>()).Slice);
    }

    [Fact]
    public void A_slice_refused_by_an_epoch_that_the_process_has_replaced_fails_quietly()
    {
        var stale = _lane.Accept("a", "s1", 1);
        var fresh = _lane.Accept("b", "s1", 3);
        var batch = _lane.Take();
        _lane.Say(new LaneInput.Answered(batch, [false, true], [true, false]));
        Assert.Equal([stale], _lane.Failed);
        Assert.Equal([fresh], _lane.Completed);
        Assert.Empty(_lane.Effects.OfType<LaneEffect.TellLost>());
    }

    [Fact]
    public void A_definite_error_splits_the_batch_until_only_the_guilty_entity_fails()
    {
        var requests = Enumerable.Range(0, 100).Select(i => _lane.Accept($"e{i}", "s1", 1)).ToList();
        var error = new InvalidOperationException("duplicate");
        var completed = new List<WriteRequest>();
        var failed = new List<WriteRequest>();
        var statements = 0;
        while (_lane.Take() is { } batch)
        {
            statements++;
            if (batch.Requests.Contains(requests[37]))
            {
                _lane.Say(new LaneInput.Failed(batch, error, MayPass: false));
            }
            else
            {
                _lane.Answer(batch, true);
            }

            completed.AddRange(_lane.Completed);
            failed.AddRange(_lane.Failed);
        }

        Assert.Equal([requests[37]], failed);
        Assert.Equal(99, completed.Count);
        Assert.InRange(statements, 1, 20);
    }

    [Fact]
    public void Two_writes_of_a_guilty_entity_fail_together()
    {
        _lane.Accept("a");
        var first = _lane.Accept("guilty");
        var second = _lane.Accept("guilty");
        _lane.Say(new LaneInput.Failed(_lane.Take(), new InvalidOperationException(), MayPass: false));
        var innocent = _lane.Take();
        Assert.Equal(["a"], innocent.Requests.Select(request => request.PersistenceId));
        _lane.Answer(innocent, true);
        _lane.Say(new LaneInput.Failed(_lane.Take(), new InvalidOperationException(), MayPass: false));
        Assert.Equal([first, second], _lane.Failed);
    }

    [Fact]
    public void A_deadlock_is_tried_again_before_anybody_is_blamed()
    {
        var request = _lane.Accept("a");
        var batch = _lane.Take();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            _lane.Say(new LaneInput.Failed(batch, new InvalidOperationException(), MayPass: true));
            Assert.Same(batch, _lane.Sent);
        }

        _lane.Say(new LaneInput.Failed(batch, new InvalidOperationException(), MayPass: true));
        Assert.Equal([request], _lane.Failed);
    }

    [Fact]
    public void An_unknown_outcome_is_settled_first_and_what_was_not_written_is_sent_again_before_newer_writes()
    {
        var written = _lane.Accept("a", "s1", 1);
        var missing = _lane.Accept("b", "s1", 1);
        var batch = _lane.Take();
        var newer = _lane.Accept("c", "s1", 2);
        _lane.Say(new LaneInput.Unknown(batch));
        Assert.Equal(new LaneEffect.Settle(batch, 0), Assert.Single(_lane.Effects));
        Assert.Null(_lane.Take());
        _lane.Say(new LaneInput.NotSettled(batch));
        Assert.Equal(new LaneEffect.Settle(batch, 1), Assert.Single(_lane.Effects));
        _lane.Say(new LaneInput.Settled(batch, [true, false]));
        Assert.Equal([written], _lane.Completed);
        var again = _lane.Take();
        Assert.Equal([missing], again.Requests);
        Assert.Equal([new Slice("s1", 1)], again.Slices);
        _lane.Answer(again, true);
        Assert.Equal([newer], _lane.Take().Requests);
    }

    [Fact]
    public void A_write_that_breaks_its_connection_each_time_is_found_and_fails_alone()
    {
        var requests = Enumerable.Range(0, 64).Select(i => _lane.Accept($"e{i}")).ToList();
        var completed = new List<WriteRequest>();
        var failed = new List<WriteRequest>();
        for (var statements = 0; _lane.Take() is { } batch; statements++)
        {
            Assert.InRange(statements, 0, 100);
            if (batch.Requests.Contains(requests[21]))
            {
                _lane.Say(new LaneInput.Unknown(batch));
                _lane.Say(new LaneInput.Settled(batch, new bool[batch.Requests.Length]));
            }
            else
            {
                _lane.Answer(batch, true);
            }

            completed.AddRange(_lane.Completed);
            failed.AddRange(_lane.Failed);
        }

        Assert.Equal([requests[21]], failed);
        Assert.Equal(63, completed.Count);
    }

    [Fact]
    public void Without_a_connection_the_batch_is_kept_and_the_pauses_grow()
    {
        var request = _lane.Accept("a");
        for (var attempt = 0; attempt < 3; attempt++)
        {
            _lane.Say(new LaneInput.NotSent(_lane.Take()));
            Assert.Equal(new LaneEffect.Pause(attempt), Assert.Single(_lane.Effects));
        }

        Assert.Equal([request], _lane.Take().Requests);
    }

    [Fact]
    public void A_recovery_waits_for_each_write_of_its_entity_that_was_accepted()
    {
        _lane.Accept("a");
        var batch = _lane.Take();
        _lane.Accept("a");
        var waiter = new RecoveryWaiter();
        _lane.Say(new LaneInput.Recovering("a", waiter));
        Assert.Empty(_lane.Effects);
        _lane.Answer(batch, true);
        Assert.Empty(_lane.Effects.OfType<LaneEffect.Release>());
        _lane.Answer(_lane.Take(), true);
        Assert.Equal([new LaneEffect.Release(waiter)], _lane.Effects.OfType<LaneEffect.Release>());
    }

    [Fact]
    public void A_recovery_waits_for_a_settlement_too()
    {
        _lane.Accept("a");
        var batch = _lane.Take();
        _lane.Say(new LaneInput.Unknown(batch));
        var waiter = new RecoveryWaiter();
        _lane.Say(new LaneInput.Recovering("a", waiter));
        Assert.Empty(_lane.Effects);
        _lane.Say(new LaneInput.Settled(batch, [true]));
        Assert.Contains(new LaneEffect.Release(waiter), _lane.Effects);
    }

    [Fact]
    public void A_stopped_lane_fails_what_it_has_and_whatever_comes()
    {
        var sent = _lane.Accept("a");
        var batch = _lane.Take();
        var waiting = _lane.Accept("b");
        _lane.Say(new LaneInput.Stopped(new OperationCanceledException()));
        Assert.Equal([sent, waiting], _lane.Failed);
        _lane.Answer(batch, true);
        Assert.Empty(_lane.Effects);
        var late = _lane.Accept("c");
        Assert.Equal([late], _lane.Failed);
    }

    [Fact]
    public void An_outcome_for_a_batch_that_was_not_sent_is_a_broken_invariant()
    {
        _lane.Accept("a");
        var other = new Batch([LaneConversation.Request("b", 1)]);
        Assert.Throws<InvalidOperationException>(() => _lane.Answer(other, true));
    }
}
