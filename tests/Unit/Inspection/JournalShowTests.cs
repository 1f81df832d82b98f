using System.Text;
using AkkaScale.Journal.Verification;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Inspection;
using AkkaScale.Sharding.Reading;

namespace AkkaScale.Tests.Unit.Inspection;

public sealed class JournalShowTests
{
    private static readonly ShardKey Shard = new("task", 3);

    [Theory]
    [InlineData("sequence", "task-t-1", "I2", "task/t-1", "sequence: number 3")]
    [InlineData("order", "task-t-1", "I2", "task/t-1", "order: number 3")]
    [InlineData("epoch", "task-t-1", "I2", "task/t-1", "epoch: number 3")]
    [InlineData("shard", "task-t-1", "I3", "task/t-1", "shard: number 3")]
    [InlineData("acknowledged", "task-t-1", "I1", "task/t-1", "acknowledged: number 3")]
    [InlineData("owner", "akkascale-shard-task-3", "I3", null, "owner: akkascale-shard-task-3: number 3")]
    [InlineData("lease", "akkascale-shard-task-3", "I3", null, "lease: akkascale-shard-task-3: number 3")]
    public void A_rule_of_the_journal_is_one_of_the_invariants(string rule, string subject, string invariant, string? entity, string detail)
    {
        var check = JournalShow.Check(Shard, new LeaseVerification(9, 2, [new Violation(rule, subject, "number 3")]));
        Assert.Equal((Shard, 9L, 2L), (check.Shard, check.Events, check.Entities));
        Assert.Equal([new JournalViolation(invariant, entity, detail)], check.Violations);
    }

    [Fact]
    public void A_shard_without_rows_has_none() =>
        Assert.Equal(new ShardFigures(Shard, 0, 0, 0, 0, 0), JournalShow.Figures(Shard, null));

    [Fact]
    public void Shards_of_one_region_or_of_all_are_chosen_in_order()
    {
        Assert.Equal([new("task", 1)], Choose("task", 1, 1));
        Assert.Equal([new("task", 1), new("user", 0)], Choose(null, 1, null));
        Assert.Equal(404, Assert.Throws<OrderRefusedException>(() => Choose("tusk", 0, null)).Status);
        Assert.Equal(400, Assert.Throws<OrderRefusedException>(() => Choose("task", 2, null)).Status);
        Assert.Equal(400, Assert.Throws<OrderRefusedException>(() => Choose("task", 0, 0)).Status);
        Assert.Equal(400, Assert.Throws<OrderRefusedException>(() => Choose(null, -1, null)).Status);

        static IReadOnlyList<ShardKey> Choose(string? region, int first, int? count) =>
            EntityInspection.Shards(["task", "user"], kind => kind == "task" ? 2 : 1, region, first, count);
    }

    [Fact]
    public void Every_event_of_a_command_shows_its_id_which_the_last_of_them_keeps()
    {
        var command = Guid.Parse("01a22a36-79f1-7af5-be04-677e3ba297b5");
        var shown = EventShow.Page(Shard, [Event(1, null), Event(2, command.ToString("N")), Event(3, "word"), Event(4, null)]);
        Assert.Equal([$"{command}", $"{command}", "word", null], shown.Select(happened => happened.CommandId));
        Assert.Equal([1L, 2, 3, 4], shown.Select(happened => happened.Version));
        Assert.All(shown, happened => Assert.Equal(("created", 5L, 1), (happened.Type, happened.Epoch, happened.Payload.GetProperty("a").GetInt32())));
    }

    private static StoredEntityEvent Event(long version, string? command) => new(
        version, "created", Encoding.UTF8.GetBytes("""{"a":1}"""), DateTimeOffset.UnixEpoch, command, "lease", 5);
}
