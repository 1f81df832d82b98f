using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using Xunit;

namespace AkkaScale.Tests.Unit.Sharding;

/// <summary>Every answer to a command with a client's key is stored before it is told, whatever it says, and a repeat gets it again.</summary>
public sealed class KeyedAnswerTests
{
    private static readonly Refusal Elsewhere = new("other/rule", "Another entity's rule.");

    public static TheoryData<string, CounterCommand, long?, bool, ReplyStatus, string> Answers => new()
    {
        { "accepted", new Add(1), null, false, ReplyStatus.Accepted, "" },
        { "accepted at the expected version", new Add(1), 4, false, ReplyStatus.Accepted, "" },
        { "unchanged", new Add(0), null, false, ReplyStatus.Unchanged, "" },
        { "refused by its rule", new Add(-1), null, false, ReplyStatus.Refused, "counter/negative" },
        { "refused by another entity's rule", new Add(1), null, true, ReplyStatus.Refused, "other/rule" },
        { "at another version than expected", new Add(1), 3, false, ReplyStatus.VersionMismatch, "version/mismatch" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void It_waits_for_its_row_and_a_repeat_gets_it_after_the_entity_has_gone_on(
        string answer, CounterCommand command, long? expected, bool isRefusedElsewhere, ReplyStatus status, string code)
    {
        var shard = new ShardConversation();
        var id = shard.NewId();
        var precondition = isRefusedElsewhere ? Elsewhere : null;
        var asked = shard.Ask(command, id, clientKey: true, expected: expected, precondition: precondition);
        shard.Recover(version: 4);
        Assert.True(asked.IsWaiting, $"{answer}: it was told before it was stored.");

        shard.AllDurable();
        Assert.Equal((status, code), (asked.Reply.Status, asked.Reply.Code));

        shard.Ask(new Add(7));
        shard.AllDurable();
        var repeat = shard.Ask(command, id, clientKey: true, expected: expected, precondition: precondition);
        Assert.Equal((status, code, asked.Reply.Version, true), (repeat.Reply.Status, repeat.Reply.Code, repeat.Reply.Version, repeat.Reply.Replayed));
    }
}
