using AkkaScale.Cluster.Downing;
using static AkkaScale.Tests.Unit.Cluster.Rows;

namespace AkkaScale.Tests.Unit.Cluster.Downing;

public sealed class PartitionMachineTests
{
    private readonly List<PartitionEffect> _effects = [];
    private PartitionState _state = new();

    [Fact]
    public void The_oldest_of_the_larger_side_claims_when_the_cut_has_been_stable()
    {
        Assert.Null(Watch("a", "abc", "c", 0, 2.9));
        var claim = Watch("a", "abc", "c", 3, 3);
        Assert.Equal(["a", "b"], claim!.Mine);
        Assert.Equal(1, claim.Generation);
        Assert.Contains("for 3.0 s", claim.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "abc", "c", 3.0)] // the oldest of the larger side
    [InlineData("c", "abc", "ab", 5.0)] // the oldest of the smaller one
    [InlineData("b", "abc", "c", 7.0)] // the second of the larger one, in case the first hangs
    [InlineData("a", "ab", "b", 3.0)] // of two the older one
    [InlineData("b", "ab", "a", 5.0)]
    [InlineData("b", "abcd", "ac", 5.0)] // a tie goes to the side with the oldest
    [InlineData("a", "abcd", "bd", 3.0)]
    [InlineData("c", "abcde", "ab", 3.0)]
    [InlineData("a", "abcde", "cde", 5.0)]
    public void Each_process_claims_in_its_turn(string own, string members, string unreachable, double at) =>
        Assert.Equal(at, FirstClaim(own, members, unreachable));

    /// <summary>Only a and b cannot reach each other: c reaches both and stays out of it, whatever its age.</summary>
    [Theory]
    [InlineData("a", "b", "c", 3.0, 3.0)]
    [InlineData("b", "c", "a", 7.0, 7.0)]
    [InlineData("a", "c", "b", 3.0, 7.0)]
    public void A_cut_between_two_of_three_sends_one_of_the_two_away(string one, string other, string bystander, double first, double second)
    {
        Assert.Equal(first, FirstClaim(one, "abc", other));
        Assert.Equal(second, FirstClaim(other, "abc", one));
        Assert.Null(FirstClaim(bystander, "abc", ""));
        _state = new PartitionState();
        Assert.Contains(bystander, Watch(one, "abc", other, 0, 20)!.Mine);
    }

    [Fact]
    public void Another_set_of_unreachable_ones_begins_anew()
    {
        Watch("a", "abcd", "c", 0, 2.8);
        Assert.Null(Watch("a", "abcd", "cd", 3, 5.8));
        Assert.NotNull(Watch("a", "abcd", "cd", 6, 6));
    }

    [Fact]
    public void Who_comes_back_in_time_is_not_sent_away()
    {
        Watch("a", "ab", "b", 0, 2.8);
        Watch("a", "ab", "", 3, 3);
        Assert.Null(Watch("a", "ab", "b", 3.2, 6));
    }

    [Fact]
    public void While_the_database_has_not_been_read_nothing_is_decided_and_counting_begins_anew()
    {
        Watch("a", "ab", "b", 0, 2.8);
        Assert.Null(Watch("a", "ab", "b", 3, 20, isRecent: false));
        Assert.Null(Watch("a", "ab", "b", 20.2, 23));
        Assert.NotNull(Watch("a", "ab", "b", 23.2, 23.2));
    }

    [Fact]
    public void A_process_that_was_stopped_itself_begins_anew()
    {
        Watch("a", "ab", "b", 0, 1);
        Assert.Null(Watch("a", "ab", "b", 2.4, 5.2));
        Assert.NotNull(Watch("a", "ab", "b", 5.4, 5.4));
    }

    [Fact]
    public void One_claim_is_under_way_at_a_time_and_after_a_refusal_counting_begins_anew()
    {
        Assert.NotNull(Watch("a", "ab", "b", 0, 3));
        Assert.Null(Watch("a", "ab", "b", 3.2, 10));
        Say(new PartitionInput.Answered(At(10.1), false));
        Assert.Null(Watch("a", "ab", "b", 10.2, 13));
        Assert.NotNull(Watch("a", "ab", "b", 13.2, 13.4));
    }

    [Fact]
    public void Who_is_away_again_and_again_is_sent_away_though_it_came_back_each_time()
    {
        // Four seconds cut and four healed are about 2.6 s unreachable in each eight.
        PartitionEffect.Prevail? claim = null;
        var at = 0.0;
        for (; claim is null && at < 120; at += 4)
        {
            claim = Watch("a", "abc", "c", at, at + 2.6);
            claim ??= Watch("a", "abc", "", at + 2.8, at + 3.8);
        }

        Assert.Equal(["a", "b"], claim!.Mine);
        Assert.StartsWith("flapping", claim.Reason, StringComparison.Ordinal);
        Assert.InRange(at, 12, 24);
    }

    [Fact]
    public void The_flapping_one_itself_leaves_it_to_the_others()
    {
        for (var at = 0.0; at < 60; at += 4)
        {
            Assert.Null(Watch("c", "abc", "ab", at, at + 2.6));
            Assert.Null(Watch("c", "abc", "", at + 2.8, at + 3.8));
        }
    }

    /// <summary>When its links heal, one after the other, it reaches most of the others: it would be on the larger side.</summary>
    [Fact]
    public void The_flapping_one_itself_sends_nobody_away_who_is_back_later_than_the_others()
    {
        for (var at = 0.0; at < 60; at += 4)
        {
            Assert.Null(Watch("a", "abcd", "bcd", at, at + 1));
            Assert.Null(Watch("a", "abcd", "d", at + 1.2, at + 1.6));
            Assert.Null(Watch("a", "abcd", "", at + 1.8, at + 3.8));
        }
    }

    [Fact]
    public void Who_is_away_seldom_is_not_flapping()
    {
        for (var at = 0.0; at < 300; at += 12)
        {
            Assert.Null(Watch("a", "abc", "c", at, at + 2.6));
            Assert.Null(Watch("a", "abc", "", at + 2.8, at + 11.8));
        }
    }

    [Fact]
    public void Of_those_unreachable_now_only_the_flapping_are_sent_away_for_flapping()
    {
        PartitionEffect.Prevail? claim = null;
        for (var at = 0.0; claim is null && at < 60; at += 3)
        {
            claim = Watch("a", "abcd", at > 9 ? "cd" : "d", at, at + 2);
            claim ??= Watch("a", "abcd", "", at + 2.2, at + 2.8);
        }

        Assert.Equal(["a", "b", "c"], claim!.Mine);
    }

    [Fact]
    public void What_is_kept_of_the_past_is_bounded()
    {
        for (var at = 0.0; at < 200; at += 0.4)
        {
            var name = ((char)('b' + ((int)at % 20))).ToString();
            Watch("a", $"a{name}", name, at, at + 0.2);
            Assert.InRange(_state.Flapping.Count, 0, 1);
        }
    }

    private double? FirstClaim(string own, string members, string unreachable)
    {
        _state = new PartitionState();
        for (var tick = 0; tick < 200; tick++)
        {
            if (Watch(own, members, unreachable, tick / 10.0, tick / 10.0) is not null)
            {
                return tick / 10.0;
            }
        }

        return null;
    }

    /// <summary>Ticks each fifth of a second, the ends included; the first claim.</summary>
    private PartitionEffect.Prevail? Watch(string own, string members, string unreachable, double from, double to, bool isRecent = true)
    {
        var view = new PartitionView(own, 1, Names(members), Names(unreachable), isRecent);
        for (var at = from; at <= to + 0.001; at += 0.2)
        {
            Say(new PartitionInput.Tick(At(at), view));
            if (_effects.Count > 0)
            {
                return (PartitionEffect.Prevail)Assert.Single(_effects);
            }
        }

        return null;
    }

    private void Say(PartitionInput input)
    {
        _effects.Clear();
        PartitionMachine.Step(_state, input, Options, _effects);
    }

    private static HashSet<string> Names(string names) => [.. names.Select(name => name.ToString())];
}
