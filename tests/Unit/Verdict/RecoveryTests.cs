using AkkaScale.Tests.Verdict;
using Xunit;

namespace AkkaScale.Tests.Unit.Verdict;

public sealed class RecoveryTests
{
    private static readonly JudgeOptions FourSeconds = new() { RecoveryBound = TimeSpan.FromSeconds(4) };

    [Fact]
    public void The_longest_wait_after_a_fault_is_reported_with_its_entity()
    {
        var outcome = Outcome(new Story()
            .Fault("kill", 1_000, 1_000)
            .Read(1_100, 1_200, 0, entity: "apple")
            .Read(1_100, 4_600, 0));
        Assert.Equal((3_500_000, "pear", 2), (outcome.LongestWait, outcome.Entity, outcome.EntitiesAsked));
    }

    [Fact]
    public void A_wait_goes_on_over_operations_that_fail()
    {
        var outcome = Outcome(new Story()
            .Fault("kill", 1_000, 1_000)
            .Read(1_100, 2_100, null, OperationStatus.Timeout)
            .Read(2_100, 3_100, null, OperationStatus.Unavailable)
            .Read(3_100, 3_600, 0));
        Assert.Equal(2_500_000, outcome.LongestWait);
    }

    [Fact]
    public void Time_in_which_nobody_asks_is_no_wait()
    {
        var outcome = Outcome(new Story()
            .Fault("kill", 1_000, 1_000)
            .Read(1_100, 2_100, null, OperationStatus.Timeout)
            .Read(9_100, 9_200, 0));
        Assert.Equal(1_100_000, outcome.LongestWait);
    }

    [Fact]
    public void An_answer_to_what_was_asked_before_the_fault_ends_no_wait()
    {
        var outcome = Outcome(new Story()
            .Fault("kill", 1_000, 1_000)
            .Read(900, 1_500, 0)
            .Read(1_200, 2_200, 0));
        Assert.Equal(1_200_000, outcome.LongestWait);
    }

    [Fact]
    public void Whoever_waits_as_the_fault_begins_waits_from_then()
    {
        var outcome = Outcome(new Story()
            .Fault("kill", 1_000, 1_000)
            .Read(100, 3_000, null, OperationStatus.Timeout));
        Assert.Equal(2_000_000, outcome.LongestWait);
    }

    [Fact]
    public void Who_is_never_answered_waits_until_the_end()
    {
        var outcome = Outcome(new Story().Fault("kill", 1_000, 1_000).Write("lost", 2_000, null, null, OperationStatus.Timeout));
        Assert.Equal(58_000_000, outcome.LongestWait);
    }

    [Fact]
    public void An_answer_ends_the_wait_of_all_who_ask_the_same_entity()
    {
        var outcome = Outcome(new Story()
            .Fault("kill", 1_000, 1_000)
            .Read(1_000, 6_000, 0)
            .Read(3_000, 4_000, 0)
            .Read(4_500, 5_000, 0));
        Assert.Equal(3_000_000, outcome.LongestWait);
    }

    [Fact]
    public void What_happens_long_after_a_fault_is_not_its_doing()
    {
        var outcome = Outcome(new Story()
            .Fault("kill", 1_000, 1_000)
            .Read(1_100, 1_200, 0)
            .Read(17_000, 30_000, 0));
        Assert.Equal(100_000, outcome.LongestWait);
    }

    [Fact]
    public void What_happens_after_the_next_fault_is_the_doing_of_that()
    {
        var judgement = Judge.Of(new Story()
            .Fault("kill", 1_000, 1_000)
            .Fault("cut", 3_000, 4_000)
            .Read(1_100, 1_200, 0)
            .Read(3_100, 5_100, 0)
            .End());
        Assert.Equal([100_000, 2_000_000], judgement.Faults.Select(outcome => outcome.LongestWait));
    }

    [Fact]
    public void Two_faults_at_once_share_the_wait()
    {
        var judgement = Judge.Of(new Story()
            .Fault("kill", 1_000, 5_000)
            .Fault("cut", 2_000, 4_000)
            .Read(1_500, 4_500, 0)
            .End());
        Assert.Equal([3_000_000, 2_500_000], judgement.Faults.Select(outcome => outcome.LongestWait));
    }

    [Fact]
    public void A_wait_over_the_bound_is_a_violation_and_names_who_waited()
    {
        var judgement = Judge.Of(new Story().Fault("kill", 1_000, 1_000).Read(1_100, 5_200, 0).End(), options: FourSeconds);
        var finding = Assert.Single(judgement.Findings);
        Assert.Equal("pear was without an answer for 4.10 s after kill node-1 at 1.000 s; 4.00 s are allowed.", finding.What);
        Assert.Single(finding.Operations);
        Assert.False(judgement.IsClean);
    }

    [Fact]
    public void A_wait_within_the_bound_is_none()
    {
        var judgement = Judge.Of(new Story().Fault("kill", 1_000, 1_000).Read(1_100, 5_100, 0).End(), options: FourSeconds);
        Assert.True(judgement.IsClean);
        Assert.Equal(1, judgement[Invariant.Recovery].Checked);
    }

    [Fact]
    public void The_bound_of_the_fault_itself_goes_before_that_for_all()
    {
        var judgement = Judge.Of(
            new Story().Fault("cut", 1_000, 9_000, bound: 12_000).Fault("kill", 30_000, 30_000, bound: 500)
                .Read(1_100, 12_000, 0).Read(30_000, 30_600, 0).End(),
            options: FourSeconds);
        Assert.Contains("600 ms after kill", Assert.Single(judgement.Findings).What);
    }

    [Fact]
    public void A_fault_of_which_nobody_saw_anything_fails_the_run()
    {
        var judgement = Judge.Of(new Story()
            .Fault("kill", 1_000, 1_000)
            .Fault("cut", 2_000, 3_000, effect: null)
            .Fault("delay", 4_000, 5_000, effect: "no round trip took longer", seen: false)
            .End());
        Assert.Equal(
            ["Nobody looked whether cut of node-1 at 2.000 s had an effect.", "delay of node-1 at 4.000 s had no effect: no round trip took longer."],
            judgement[Invariant.EffectSeen].Findings.Select(finding => finding.What));
        Assert.Equal([true, false, false], judgement.Faults.Select(outcome => outcome.IsSeen));
    }

    [Fact]
    public void Effects_of_equal_faults_belong_to_them_in_turn()
    {
        var judgement = Judge.Of(new Story()
            .Fault("kill", 1_000, 1_000)
            .Fault("kill", 9_000, 9_000, effect: "nothing was taken over", seen: false)
            .End());
        Assert.Contains("kill of node-1 at 9.000 s had no effect", Assert.Single(judgement.Findings).What);
    }

    [Fact]
    public void An_effect_that_names_the_begin_of_its_fault_belongs_to_that()
    {
        var history = new Story().Fault("kill", 1_000, 1_000, effect: null).Fault("kill", 9_000, 9_000, effect: null).End() with
        {
            Effects = [new("kill", "node-1", true, "taken over") { Begin = 9_000_000 }],
        };
        Assert.Contains("kill of node-1 at 1.000 s", Assert.Single(Judge.Of(history).Findings).What);
    }

    private static FaultOutcome Outcome(Story story)
    {
        var judgement = Judge.Of(story.End());
        Assert.True(judgement.IsClean); // reported, not judged
        return Assert.Single(judgement.Faults);
    }
}
