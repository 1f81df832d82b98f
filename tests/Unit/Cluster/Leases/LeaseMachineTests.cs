using AkkaScale.Cluster.Leases;

namespace AkkaScale.Tests.Unit.Cluster.Leases;

public sealed class LeaseMachineTests
{
    private readonly LeaseConversation _book = new();

    [Fact]
    public void An_acquire_is_sent_and_answered_with_the_row()
    {
        var waiter = _book.Acquire("x");
        Assert.Equal("x", _book.SentAcquire);
        Assert.Null(_book.State.EpochOf("x"));
        _book.Acquired(("x", "me", 4));
        Assert.Equal([(waiter, true)], _book.Answers);
        Assert.Equal(4, _book.State.EpochOf("x"));
        Assert.Null(LeaseMachine.NextAt(_book.State));
    }

    [Fact]
    public void What_is_asked_while_a_statement_is_under_way_goes_together_in_the_next()
    {
        _book.Acquire("x");
        _book.Acquire("z");
        Assert.Empty(_book.Effects);
        _book.Acquire("y");
        _book.Acquired(("x", "me", 1));
        Assert.Equal("y,z", _book.SentAcquire);
    }

    [Fact]
    public void A_statement_takes_a_bounded_number_and_the_longest_waiting_first()
    {
        var book = new LeaseConversation(namesPerStatement: 2);
        book.Acquire("d");
        book.Acquire("c");
        book.Wait(0.01);
        book.Acquire("a");
        book.Acquire("b");
        book.Acquired(("d", "me", 1));
        Assert.Equal("a,c", book.SentAcquire);
        book.Acquired(("a", "me", 1), ("c", "me", 1));
        Assert.Equal("b", book.SentAcquire);
    }

    [Fact]
    public void A_lease_that_is_held_is_acquired_again_so_that_the_former_instance_is_fenced()
    {
        var former = _book.Have("x", 1);
        var waiter = _book.Acquire("x");
        Assert.Equal("x", _book.SentAcquire);
        Assert.Equal(1, _book.State.EpochOf("x"));
        _book.Acquired(("x", "me", 2));
        Assert.Equal([(waiter, true)], _book.Answers);
        Assert.Equal(2, _book.State.EpochOf("x"));
        Assert.NotEqual(former, waiter);
    }

    [Fact]
    public void What_the_database_did_not_take_anew_is_not_acquired()
    {
        _book.Have("x", 1);
        _book.Acquire("x");
        _book.Acquired(("x", "me", 1)); // as where the own row is no longer live
        Assert.Empty(_book.Answers);
        _book.Wait(0.1);
        Assert.Equal("x", _book.SentAcquire);
    }

    [Fact]
    public void Several_acquires_of_one_name_are_answered_with_one_row()
    {
        var first = _book.Acquire("x");
        var second = _book.Acquire("x");
        _book.Acquired(("x", "me", 1));
        Assert.Equal([(first, true), (second, true)], _book.Answers);
        Assert.Null(_book.SentAcquire);
    }

    [Fact]
    public void While_another_has_it_it_is_tried_again_and_at_once_when_a_death_becomes_known()
    {
        var waiter = _book.Acquire("x");
        _book.Acquired(("x", "other", 3));
        Assert.Empty(_book.Effects);
        _book.Wait(0.09);
        Assert.Empty(_book.Effects);
        _book.Wait(0.01);
        Assert.Equal("x", _book.SentAcquire);
        _book.Acquired(("x", "other", 3));
        _book.Say(new LeaseInput.DeathKnown(_book.Now));
        Assert.Equal("x", _book.SentAcquire);
        _book.Acquired(("x", "me", 4));
        Assert.Equal([(waiter, true)], _book.Answers);
    }

    [Fact]
    public void After_a_long_time_a_waiter_is_answered_false_and_what_comes_later_is_given_back()
    {
        var waiter = _book.Acquire("x");
        _book.Wait(29.9);
        Assert.Empty(_book.Answers);
        _book.Wait(0.1);
        Assert.Equal([(waiter, false)], _book.Answers);
        _book.Acquired(("x", "me", 1));
        Assert.Equal("x1", _book.SentRelease);
    }

    [Fact]
    public void A_release_ends_it_at_once_names_its_epoch_and_is_repeated_until_it_is_answered()
    {
        _book.Have("x", 5);
        _book.Release("x");
        Assert.Null(_book.State.EpochOf("x"));
        Assert.Equal("x5", _book.SentRelease);
        _book.Failed();
        _book.Wait(0.1);
        Assert.Equal("x5", _book.SentRelease);
        _book.Released();
        _book.Wait(100);
        Assert.Empty(_book.Effects);
        Assert.Empty(_book.State.Entries);
    }

    [Fact]
    public void A_release_of_what_was_never_asked_for_does_nothing()
    {
        _book.Release("x");
        Assert.Empty(_book.Effects);
        Assert.Empty(_book.State.Entries);
    }

    [Fact]
    public void A_release_cancels_a_waiting_acquire()
    {
        var waiter = _book.Acquire("x");
        _book.Acquired(("x", "other", 3));
        _book.Release("x");
        Assert.Equal([(waiter, false)], _book.Answers);
        _book.Wait(100);
        Assert.Empty(_book.Effects);
    }

    [Fact]
    public void A_release_gives_back_an_acquire_that_is_answered_later()
    {
        var waiter = _book.Acquire("x");
        _book.Release("x");
        Assert.Equal([(waiter, false)], _book.Answers);
        _book.Acquired(("x", "me", 3));
        Assert.Empty(_book.Answers);
        Assert.Null(_book.State.EpochOf("x"));
        Assert.Equal("x3", _book.SentRelease);
    }

    [Fact]
    public void An_acquire_after_a_cancelled_one_is_answered_with_the_row_that_comes()
    {
        _book.Acquire("x");
        _book.Release("x");
        var again = _book.Acquire("x");
        _book.Acquired(("x", "me", 3));
        Assert.Equal([(again, true)], _book.Answers);
        Assert.Null(_book.SentRelease);
        Assert.Equal(3, _book.State.EpochOf("x"));
    }

    [Fact]
    public void An_acquire_after_a_release_that_is_not_answered_yet_makes_it_void()
    {
        _book.Have("x", 1);
        _book.Release("x");
        var again = _book.Acquire("x");
        _book.Failed();
        _book.Wait(0.1);
        Assert.Equal("x", _book.SentAcquire);
        _book.Acquired(("x", "me", 2));
        Assert.Equal([(again, true)], _book.Answers);
        Assert.Null(_book.SentRelease);
    }

    [Fact]
    public void An_acquire_of_unknown_outcome_is_sent_again()
    {
        var waiter = _book.Acquire("x");
        _book.Failed();
        Assert.Empty(_book.Effects);
        _book.Wait(0.1);
        Assert.Equal("x", _book.SentAcquire ?? _book.SentRead);
        Answer("other", 1, until: () => _book.SentAcquire is not null);
        _book.Acquired(("x", "me", 2));
        Assert.Equal([(waiter, true)], _book.Answers);
    }

    [Fact]
    public void A_cancelled_acquire_of_unknown_outcome_is_read_until_it_cannot_take_effect_any_more()
    {
        _book.Acquire("x");
        _book.Failed();
        _book.Release("x");
        _book.Wait(0.1);
        Assert.Equal("x", _book.SentRead);
        _book.WereRead(("x", "other", 1));
        _book.Wait(1);
        Assert.Equal("x", _book.SentRead);
        _book.WereRead(("x", "me", 2)); // it took effect after the first reading
        Assert.Equal("x2", _book.SentRelease);
        _book.Released();
        for (var second = 0; second < 10; second++)
        {
            _book.Wait(1);
            Answer(null, 2);
        }

        Assert.Null(LeaseMachine.NextAt(_book.State));
        Assert.Empty(_book.State.Entries);
    }

    [Fact]
    public void A_release_after_an_acquire_of_unknown_outcome_finds_a_later_epoch_of_its_own()
    {
        _book.Acquire("x");
        _book.Failed();
        _book.Wait(0.1);
        Answer("me", 1, until: () => _book.State.EpochOf("x") is not null);
        _book.Release("x");
        Settle("x1");
        _book.Wait(1.1);
        Assert.Equal("x", _book.SentRead);
        _book.WereRead(("x", "me", 2)); // the first acquire, late
        Assert.Equal("x2", _book.SentRelease);
    }

    [Fact]
    public void A_refused_write_makes_the_row_be_read_and_another_owner_there_is_a_loss_told_once()
    {
        var holder = _book.Have("x", 1);
        _book.Refused("x", 1);
        Assert.Equal("x", _book.SentRead);
        Assert.Null(_book.Lost);
        _book.WereRead(("x", "other", 2));
        Assert.Equal(("x", 1), (_book.Lost!.Name, _book.Lost.Epoch));
        Assert.Equal([holder], _book.Lost.Holders);
        Assert.Null(_book.State.EpochOf("x"));
        _book.Refused("x", 1);
        Assert.Empty(_book.Effects);
    }

    [Fact]
    public void A_refused_write_of_a_former_epoch_is_no_news()
    {
        _book.Have("x", 1);
        _book.Acquire("x");
        _book.Acquired(("x", "me", 2));
        _book.Refused("x", 1);
        Assert.Empty(_book.Effects);
    }

    [Fact]
    public void A_refused_write_that_an_own_late_acquire_is_to_blame_for_is_no_loss()
    {
        _book.Have("x", 1);
        _book.Refused("x", 1);
        _book.WereRead(("x", "me", 2));
        Assert.Null(_book.Lost);
        Assert.Equal(2, _book.State.EpochOf("x"));
    }

    [Fact]
    public void A_row_without_an_owner_is_no_loss_but_acquired_again()
    {
        _book.Have("x", 1);
        _book.Refused("x", 1);
        _book.WereRead(("x", null, 1));
        Assert.Null(_book.Lost);
        _book.Wait(0.1);
        Assert.Equal("x", _book.SentAcquire);
        _book.Acquired(("x", "me", 2));
        Assert.Equal(2, _book.State.EpochOf("x"));
    }

    [Fact]
    public void An_acquire_that_finds_another_owner_tells_the_former_holder_and_waits_on()
    {
        var holder = _book.Have("x", 1);
        var waiter = _book.Acquire("x");
        _book.Acquired(("x", "other", 2));
        Assert.Equal([holder], _book.Lost!.Holders);
        Assert.Empty(_book.Answers);
        _book.Wait(0.1);
        _book.Acquired(("x", "me", 3));
        Assert.Equal([(waiter, true)], _book.Answers);
    }

    [Fact]
    public void No_time_however_long_is_a_loss()
    {
        _book.Have("x", 1);
        _book.Wait(100_000);
        Assert.Empty(_book.Effects);
        Assert.Equal(1, _book.State.EpochOf("x"));
    }

    [Fact]
    public void While_the_database_is_away_nothing_is_lost_and_nothing_is_sent_more_often_than_each_retry()
    {
        _book.Have("x", 1);
        _book.Acquire("y");
        var sent = 1;
        for (var step = 0; step < 1000; step++)
        {
            _book.Failed();
            _book.Wait(0.01);
            sent += _book.Effects.Count(effect => effect is LeaseEffect.SendAcquire or LeaseEffect.SendRead);
            Assert.Null(_book.Lost);
        }

        Assert.InRange(sent, 1, 102);
        Assert.Equal(1, _book.State.EpochOf("x"));
    }

    [Fact]
    public void A_lease_that_is_acquired_again_stays_held_while_the_outcome_is_unknown()
    {
        _book.Have("x", 1);
        _book.Acquire("x");
        _book.Failed();
        Assert.Null(_book.Lost);
        Assert.Equal(1, _book.State.EpochOf("x"));
    }

    [Fact]
    public void The_end_tells_every_holder_answers_every_waiter_and_nothing_is_acquired_any_more()
    {
        var holder = _book.Have("x", 1);
        var waiter = _book.Acquire("y");
        _book.Say(new LeaseInput.Ended("down"));
        Assert.Equal([holder], _book.Lost!.Holders);
        Assert.Equal([(waiter, false)], _book.Answers);
        Assert.Null(_book.State.EpochOf("x"));
        _book.Acquired(("y", "me", 1));
        Assert.Empty(_book.Effects);
        var late = _book.Acquire("z");
        Assert.Equal([(late, false)], _book.Answers);
        Assert.Null(_book.SentAcquire);
    }

    [Fact]
    public void When_the_database_may_have_lost_its_tail_holders_begin_anew_by_a_later_epoch()
    {
        var holder = _book.Have("x", 5);
        var waiter = _book.Acquire("y");
        _book.Say(new LeaseInput.Dropped("another timeline", _book.Now));
        Assert.Equal([holder], _book.Lost!.Holders);
        Assert.Equal("another timeline", _book.Lost.Reason);
        Assert.Empty(_book.Answers);
        Assert.Null(_book.State.EpochOf("x"));
        var again = _book.Acquire("x");
        _book.Acquired(("y", "me", 1));
        Assert.Equal([(waiter, true)], _book.Answers);
        Answer("me", 6, until: () => _book.State.EpochOf("x") is not null);
        Assert.Equal(6, _book.State.EpochOf("x"));
        Assert.Contains((again, true), _book.Answers);
    }

    [Fact]
    public void What_was_dropped_and_is_not_wanted_again_is_given_back()
    {
        _book.Have("x", 5);
        _book.Say(new LeaseInput.Dropped("another timeline", _book.Now));
        Assert.Equal("x5", _book.SentRelease);
        _book.Released();
        Assert.Empty(_book.State.Entries);
    }

    [Fact]
    public void Releases_acquires_and_reads_take_turns()
    {
        _book.Have("r", 1);
        _book.Have("s", 1);
        _book.Acquire("a");
        _book.Refused("r", 1);
        _book.Release("s");
        _book.Acquire("b");
        var kinds = new List<string>();
        _book.Acquired(("a", "me", 1));
        for (var turn = 0; turn < 3; turn++)
        {
            kinds.Add(_book.Effects.Single(effect => effect is not LeaseEffect.Answer).GetType().Name);
            Answer("me", 2);
        }

        Assert.Equal(["SendAcquire", "SendRead", "SendRelease"], kinds.Order(StringComparer.Ordinal));
    }

    /// <summary>Answers whatever is under way with rows of this owner and epoch, until that holds.</summary>
    private void Answer(string? owner, long epoch, Func<bool>? until = null)
    {
        for (var step = 0; step < 10 && until?.Invoke() != true; step++)
        {
            switch (_book.State.UnderWay)
            {
                case LeaseEffect.SendAcquire(var names):
                    _book.Acquired([.. names.Select(name => (name, owner, epoch))]);
                    break;
                case LeaseEffect.SendRead(var names):
                    _book.WereRead([.. names.Select(name => (name, owner, epoch))]);
                    break;
                case LeaseEffect.SendRelease:
                    _book.Released();
                    break;
            }

            if (until is null || until())
            {
                return;
            }

            if (_book.State.UnderWay is null)
            {
                _book.Wait(0.1);
            }
        }

        Assert.True(until is null || until(), "It did not come to that.");
    }

    /// <summary>Answers reads until the release of this claim has been sent, and answers it.</summary>
    private void Settle(string claim)
    {
        for (var step = 0; step < 10 && _book.SentRelease != claim; step++)
        {
            if (_book.State.UnderWay is LeaseEffect.SendRead)
            {
                _book.WereRead(("x", "me", 1));
            }
            else
            {
                _book.Wait(0.1);
            }
        }

        Assert.Equal(claim, _book.SentRelease);
        _book.Released();
        if (_book.State.UnderWay is LeaseEffect.SendRead)
        {
            _book.WereRead(("x", null, 1));
        }
    }
}
