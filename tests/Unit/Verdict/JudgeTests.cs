using AkkaScale.Tests.Verdict;
using Xunit;

namespace AkkaScale.Tests.Unit.Verdict;

public sealed class JudgeTests
{
    [Fact]
    public void A_short_correct_history_is_clean() => Clean(new Story()
        .Write("create", 0, 10, 1).Row("create", 1)
        .Write("rename", 20, 30, 2).Row("rename", 2)
        .Read(40, 50, 2));

    // I1

    [Fact]
    public void A_lost_write_is_found() => Only(Invariant.Acknowledged, "which is not in the journal: the command is nowhere", new Story()
        .Write("create", 0, 10, 1).Row("create", 1)
        .Write("rename", 20, 30, 2));

    [Fact]
    public void A_version_that_another_command_has_is_found() => Only(Invariant.Acknowledged, "where the journal has another command", new Story()
        .Write("create", 0, 10, 1).Row("somebody's", 1));

    [Fact]
    public void An_acknowledged_version_that_is_not_the_journals_is_found() => Only(
        Invariant.Acknowledged, "the journal has the command at version 2 of pear", new Story()
            .Write("create", 0, 10, 3).Row("other", 1).Row("create", 2).Row("third", 3));

    [Fact]
    public void An_acknowledgement_without_a_version_is_found() => Only(Invariant.Acknowledged, "without a version", new Story()
        .Write("create", 0, 10, null).Row("create", 1));

    // I2

    [Fact]
    public void A_gap_in_sequence_numbers_is_found() => Only(Invariant.Sequence, "goes from 1 to 3: 1 rows are missing", new Story()
        .Row("a", 1).Row("c", 3, sequence: 3));

    [Fact]
    public void A_journal_that_does_not_begin_with_one_is_found() => Only(Invariant.Sequence, "goes from 0 to 2", new Story()
        .Row("a", 2, sequence: 2));

    [Fact]
    public void A_sequence_number_that_is_there_twice_is_found() => Only(Invariant.Sequence, "is there twice", new Story()
        .Row("a", 1).Row("b", 1, sequence: 1));

    [Fact]
    public void An_answer_without_an_event_has_a_number_and_raises_no_version() => Clean(new Story()
        .Row("a", 1).Answer("no", 1).Row("b", 2)
        .Write("a", 0, 10, 1).Write("no", 20, 30, 1, OperationStatus.Refused).Write("b", 40, 50, 2).Read(60, 70, 2));

    [Fact]
    public void An_answer_that_raises_the_version_is_found() => Only(Invariant.Sequence, "Row 2 of pear, an answer, has version 2 after 1", new Story()
        .Row("a", 1).Answer("no", 2));

    [Fact]
    public void A_version_that_leaves_one_out_is_found() => Only(Invariant.Sequence, "Row 2 of pear, an event, has version 3 after 1", new Story()
        .Row("a", 1).Row("b", 3));

    [Fact]
    public void A_row_that_stands_before_its_predecessor_is_found() => Only(Invariant.Sequence, "Row 2 of pear stands before its predecessor", new Story()
        .Row("a", 1, position: 5).Row("b", 2, position: 4));

    [Fact]
    public void Gaps_among_the_rows_of_all_entities_are_none() => Clean(new Story()
        .Row("a", 1, position: 5).Row("b", 2, position: 40));

    [Fact]
    public void An_entity_under_two_leases_is_found() => Only(Invariant.Sequence, "was written under shard-3 and, from 2, under shard-4", new Story()
        .Row("a", 1).Row("b", 2, lease: "shard-4"));

    [Fact]
    public void An_epoch_that_decreases_is_found_along_the_entity_and_along_the_lease()
    {
        var judgement = Judge.Of(new Story().Row("a", 1, epoch: 2).Row("b", 2, epoch: 1).End());
        Assert.Contains("under epoch 1, after one of epoch 2", Assert.Single(judgement[Invariant.Sequence].Findings).What);
        Assert.Contains("epoch 1 at position 11, after epoch 2", Assert.Single(judgement[Invariant.Owner].Findings).What);
    }

    // I3

    [Fact]
    public void Two_owners_of_one_epoch_are_found_in_the_journal() => Only(Invariant.Owner, "Epoch 1 of shard-3 had two owners: node-1 and node-2", new Story()
        .Row("a", 1, node: "node-1").Row("b", 2, node: "node-2"));

    [Fact]
    public void A_lease_may_have_an_owner_for_each_epoch() => Clean(new Story()
        .Row("a", 1, node: "node-1").Row("b", 2, epoch: 2, node: "node-2").Row("c", 3, epoch: 5, node: "node-1").Lease("shard-3", 6));

    [Fact]
    public void An_epoch_that_its_lease_never_had_is_found() => Only(Invariant.Owner, "has epoch 2 of shard-3, which stands at 1", new Story()
        .Row("a", 1).Row("b", 2, epoch: 2).Lease("shard-3", 1));

    [Fact]
    public void An_epoch_of_no_lease_is_found() => Only(Invariant.Owner, "which is no lease", new Story()
        .Row("a", 1).Lease("shard-4", 1));

    [Fact]
    public void A_row_without_a_lease_is_found() => Only(Invariant.Owner, "Row 1 of pear was written without a lease", new Story()
        .Row("a", 1, lease: null).Row("b", 1, entity: "apple"));

    // I4

    [Fact]
    public void A_stale_read_is_found() => Only(Invariant.Linearizable, "showed version 1 to someone who asked after version 2 was known", new Story()
        .Row("create", 1).Row("rename", 2)
        .Write("rename", 0, 10, 2)
        .Read(11, 20, 1));

    [Fact]
    public void Two_reads_that_go_back_are_found() => Only(Invariant.Linearizable, "after version 2 was known", new Story()
        .Row("create", 1).Row("rename", 2)
        .Read(0, 10, 2)
        .Read(11, 20, 1));

    [Fact]
    public void A_read_that_overlaps_the_write_may_see_either() => Clean(new Story()
        .Row("create", 1).Row("rename", 2)
        .Write("rename", 0, 10, 2)
        .Read(10, 11, 1)
        .Read(4, 12, 2));

    [Fact]
    public void A_stale_refusal_is_found() => Only(Invariant.Linearizable, "showed version 1", new Story()
        .Row("create", 1).Row("rename", 2).Answer("complete", 2)
        .Write("rename", 0, 10, 2)
        .Write("complete", 11, 20, 1, OperationStatus.Refused));

    [Fact]
    public void A_read_from_the_future_is_found() => Only(Invariant.Linearizable, "took version 2 although version 2 was known before it was asked", new Story()
        .Row("create", 1).Row("rename", 2)
        .Read(0, 10, 2)
        .Write("rename", 11, 20, 2));

    [Fact]
    public void Commands_in_another_order_than_that_of_time_are_found() => Only(Invariant.Linearizable, "took version 1 although version 2 was known", new Story()
        .Row("second", 1).Row("first", 2)
        .Write("first", 0, 10, 2)
        .Write("second", 11, 20, 1));

    [Fact]
    public void An_unknown_command_that_took_effect_before_it_was_asked_is_found() => Only(Invariant.Linearizable, "took version 1 although version 2 was known", new Story()
        .Row("unknown", 1).Row("known", 2)
        .Write("known", 0, 10, 2)
        .Write("unknown", 11, 20, null, OperationStatus.Timeout));

    [Fact]
    public void An_unknown_command_may_take_effect_long_after_it_was_given_up() => Clean(new Story()
        .Row("known", 1).Row("unknown", 2)
        .Write("unknown", 0, 10, null, OperationStatus.Timeout)
        .Write("known", 20, 30, 1)
        .Read(40, 50, 1)
        .Read(60, 70, 2));

    [Fact]
    public void A_version_beyond_the_journal_is_found() => Only(Invariant.Linearizable, "showed version 2; its journal ends at 1", new Story()
        .Row("create", 1)
        .Read(0, 10, 2));

    [Fact]
    public void Half_of_a_command_is_found() => Only(Invariant.Linearizable, "half of a command that goes on to 2", new Story()
        .Row(null, 1).Row("both", 2)
        .Write("both", 0, 10, 2)
        .Read(5, 9, 1));

    [Fact]
    public void A_command_of_several_events_takes_effect_from_the_first_of_them() => Only(
        Invariant.Linearizable, "took version 2 although version 2 was known", new Story()
            .Row("create", 1).Row(null, 2).Row("both", 3)
            .Read(0, 10, 2)
            .Write("both", 11, 20, 3), allowed: "half of a command");

    [Fact]
    public void Two_commands_at_one_version_are_found()
    {
        var judgement = Judge.Of(new Story().Row("one", 1).Write("one", 0, 10, 1).Write("other", 5, 15, 1).End());
        Assert.Contains("Two commands of pear have version 1", Assert.Single(judgement[Invariant.Linearizable].Findings).What);
        Assert.False(judgement[Invariant.Acknowledged].Holds);
    }

    [Fact]
    public void A_value_that_is_not_the_fold_of_the_journal_is_found() => Only(Invariant.Linearizable, "showed “2” at version 1, where its journal comes to “1”", new Story()
        .Row("create", 1).Row("rename", 2)
        .Read(0, 10, 1, value: "2")
        .Read(0, 10, 0, value: "0")
        .Read(0, 10, 2, value: "2"));

    // I5

    [Theory]
    [InlineData(OperationStatus.Refused, "refused")]
    [InlineData(OperationStatus.Unchanged, "said to change nothing")]
    public void A_refused_command_that_takes_effect_is_found(OperationStatus status, string word) => Only(
        Invariant.OnceOnly, $"{word} took effect at version 2", new Story()
            .Row("create", 1).Row("rename", 2)
            .Write("rename", 0, 10, 1, status));

    [Fact]
    public void A_key_that_was_refused_for_another_command_says_nothing_of_the_first() => Clean(new Story()
        .Row("create", 1)
        .Write("create", 0, 10, 1)
        .Write("create", 20, 30, 1, OperationStatus.Refused, code: "idempotency/payload-differs"));

    [Fact]
    public void A_command_that_took_effect_twice_is_found() => Only(Invariant.OnceOnly, "took effect more than once: at version 1 and at 3", new Story()
        .Row("create", 1).Row("rename", 2).Row("create", 3)
        .Write("create", 0, 10, 1));

    [Fact]
    public void A_command_that_took_effect_in_two_epochs_is_found() => Only(Invariant.OnceOnly, "took effect more than once", new Story()
        .Row(null, 1, epoch: 1).Row("create", 2, epoch: 2)
        .Write("create", 0, 10, 2));

    [Fact]
    public void A_command_that_took_effect_on_two_entities_is_found() => Only(Invariant.OnceOnly, "took effect on apple and on pear", new Story()
        .Row("create", 1).Row("create", 1, entity: "apple")
        .Write("create", 0, 10, 1));

    [Theory]
    [InlineData(OperationStatus.Refused, "refused")]
    [InlineData(OperationStatus.Unchanged, "said to change nothing")]
    public void An_answer_without_effect_that_is_not_stored_is_found(OperationStatus status, string word) => Only(
        Invariant.OnceOnly, $"that pear {word} has no answer in the journal", new Story()
            .Row("create", 1)
            .Write("complete", 0, 10, 1, status));

    [Fact]
    public void A_command_with_an_effect_and_an_answer_without_one_is_found() => Only(
        Invariant.OnceOnly, "took effect at version 2, and the journal has an answer without effect to it", new Story()
            .Row("create", 1).Answer("rename", 1).Row("rename", 2)
            .Write("rename", 0, 10, 2));

    [Fact]
    public void A_retry_with_another_answer_is_found() => Only(Invariant.OnceOnly, "was answered ok at version 1, and refused at version 1 when it was asked again", new Story()
        .Row("create", 1)
        .Write("create", 0, 10, 1)
        .Write("create", 20, 30, 1, OperationStatus.Refused), allowed: "took effect at version 1");

    [Fact]
    public void A_retry_with_the_first_answer_is_clean_whatever_happened_since() => Clean(new Story()
        .Row("create", 1).Row("rename", 2)
        .Write("create", 0, 10, 1)
        .Write("rename", 20, 30, 2)
        .Write("create", 40, 50, 1));

    [Fact]
    public void A_refusal_that_is_repeated_is_clean_whatever_happened_since() => Clean(new Story()
        .Row("create", 1).Answer("complete", 1).Row("rename", 2)
        .Write("complete", 0, 10, 1, OperationStatus.Refused)
        .Write("rename", 20, 30, 2)
        .Write("complete", 40, 50, 1, OperationStatus.Refused));

    private static void Clean(Story story) => Assert.Empty(Judge.Of(story.End(), new EventCount()).Findings.Select(finding => finding.What));

    /// <summary>This is found, once, and nothing else but what is allowed.</summary>
    private static void Only(Invariant invariant, string what, Story story, string? allowed = null)
    {
        var judgement = Judge.Of(story.End(), new EventCount());
        Assert.False(judgement.IsClean);
        var finding = Assert.Single(judgement.Findings, finding => allowed is null || !finding.What.Contains(allowed));
        Assert.Contains(what, finding.What);
        Assert.Equal(invariant, finding.Invariant);
        Assert.Equal(1, judgement[invariant].Findings.Count(one => one == finding));
        Assert.True(judgement[invariant].Checked > 0);
    }
}
