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
    public void A_gap_in_sequence_numbers_is_found() => Only(Invariant.Sequence, "goes from 1 to 3: 1 events are missing", new Story()
        .Row("a", 1, position: 1).Row("c", 3, position: 2));

    [Fact]
    public void A_journal_that_does_not_begin_with_one_is_found() => Only(Invariant.Sequence, "goes from 0 to 2", new Story()
        .Row("a", 2, position: 1));

    [Fact]
    public void A_sequence_number_that_is_there_twice_is_found() => Only(Invariant.Sequence, "is there twice", new Story()
        .Row("a", 1, position: 1).Row("b", 1, position: 2));

    [Fact]
    public void A_gap_in_positions_is_found() => Only(Invariant.Sequence, "Shard 3 goes from position 1 to 3", new Story()
        .Row("a", 1, position: 1).Row("b", 2, position: 3));

    [Fact]
    public void A_position_that_is_there_twice_is_found() => Only(Invariant.Sequence, "Position 1 of shard 3 is there twice", new Story()
        .Row("a", 1).Row("b", 1, entity: "apple"));

    [Fact]
    public void An_entity_in_two_shards_is_found() => Only(Invariant.Sequence, "is in shard 3 and, from 2, in shard 4", new Story()
        .Row("a", 1).Row("b", 2, shard: 4, position: 1));

    [Fact]
    public void An_epoch_that_decreases_is_found_along_the_entity_and_along_the_shard()
    {
        var judgement = Judge.Of(new Story().Row("a", 1, epoch: 2).Row("b", 2, epoch: 1).End());
        Assert.Contains("under epoch 1, after one of epoch 2", Assert.Single(judgement[Invariant.Sequence].Findings).What);
        Assert.Contains("epoch 1 at position 2, after epoch 2", Assert.Single(judgement[Invariant.Owner].Findings).What);
    }

    // I3

    [Fact]
    public void Two_owners_of_one_epoch_are_found_in_the_journal() => Only(Invariant.Owner, "Epoch 1 of shard 3 had two owners: node-1 and node-2", new Story()
        .Row("a", 1, node: "node-1").Row("b", 2, node: "node-2"));

    [Fact]
    public void Two_owners_of_one_epoch_are_found_in_answers() => Only(Invariant.Owner, "two owners", new Story()
        .Row("a", 1, node: "node-1")
        .Read(0, 10, 1, node: "node-1", epoch: 1).Read(5, 20, 1, node: "node-2", epoch: 1));

    [Fact]
    public void An_answer_of_a_past_owner_is_found_even_if_it_is_right() => Only(Invariant.Owner, "a past owner served", new Story()
        .Row("a", 1)
        .Read(0, 10, 1, epoch: 2).Read(11, 20, 1, epoch: 1));

    [Fact]
    public void An_answer_of_a_past_owner_to_what_was_asked_in_time_is_none() => Clean(new Story()
        .Row("a", 1)
        .Read(0, 10, 1, epoch: 2).Read(9, 20, 1, epoch: 1));

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
        .Row("create", 1).Row("rename", 2)
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
        .Row("both", 1).Row("both", 2)
        .Write("both", 0, 10, 2)
        .Read(5, 9, 1));

    [Fact]
    public void A_command_of_several_events_takes_effect_from_the_first_of_them() => Only(
        Invariant.Linearizable, "took version 2 although version 2 was known", new Story()
            .Row("create", 1).Row("both", 2).Row("both", 3)
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
        .Row("create", 1, epoch: 1).Row("create", 2, epoch: 2)
        .Write("create", 0, 10, 2));

    [Fact]
    public void A_command_that_took_effect_on_two_entities_is_found() => Only(Invariant.OnceOnly, "took effect on pear and on apple", new Story()
        .Row("create", 1).Row("create", 1, entity: "apple", position: 2)
        .Write("create", 0, 10, 1));

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
        .Row("create", 1).Row("rename", 2)
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
