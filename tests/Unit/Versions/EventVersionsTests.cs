using System.Text;
using System.Text.Json.Serialization;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Shards;
using AkkaScale.Sharding.Versions;
using AkkaScale.Tests.Unit.Sharding;
using Xunit;

namespace AkkaScale.Tests.Unit.Versions;

public sealed class EventVersionsTests
{
    private static readonly CommandContext Context = new("c-1", 4, "", default);

    private readonly TestGate _gate = new();

    [Fact]
    public void A_command_whose_event_is_being_registered_is_to_be_tried_again_and_leaves_no_trace()
    {
        var shard = new ShardConversation(gate: _gate);
        _gate.Verdicts["added"] = WriteVerdict.Pending;
        var id = shard.NewId();
        var caller = shard.Ask(new Add(1), id);
        shard.Recover();
        Assert.Equal(AskOutcomeKind.StoreUnavailable, caller.Outcome?.Kind);
        Assert.Empty(shard.Writes);

        _gate.Verdicts.Clear();
        var again = shard.Ask(new Add(1), id);
        shard.AllDurable();
        Assert.Equal((ReplyStatus.Accepted, 1L, false), (again.Reply.Status, again.Reply.Version, again.Reply.Replayed));
    }

    [Fact]
    public void A_command_that_is_held_back_is_refused_by_name_and_the_refusal_is_not_remembered()
    {
        var shard = new ShardConversation(gate: _gate);
        _gate.Verdicts["added"] = WriteVerdict.HeldBack;
        var id = shard.NewId();
        var caller = shard.Ask(new Add(1), id, clientKey: true);
        shard.Recover();
        Assert.Equal((ReplyStatus.Refused, "event/held-back", "counter added: HeldBack"), (caller.Reply.Status, caller.Reply.Code, caller.Reply.Detail));
        Assert.Empty(shard.Writes);

        _gate.Verdicts.Clear();
        var again = shard.Ask(new Add(1), id, clientKey: true, attempt: 1);
        shard.AllDurable();
        Assert.Equal(ReplyStatus.Accepted, again.Reply.Status);
    }

    [Fact]
    public void Reads_and_refusals_ask_for_nothing()
    {
        var shard = new ShardConversation(gate: _gate);
        _gate.Verdicts["added"] = WriteVerdict.HeldBack;
        var read = shard.Ask(new Get());
        shard.Recover();
        Assert.True(read.Reply.IsSuccess);
        Assert.Equal("counter/negative", shard.Ask(new Add(-1)).Reply.Code);
    }

    [Fact]
    public void The_highest_version_that_may_be_written_is_written_and_folded_as_recovery_will_fold_it()
    {
        var kind = Versioned(canDowncast: true);
        Assert.Equal(("counted@3", "{\"thirds\":30}", 30), Settle(kind));

        _gate.Verdicts["counted@3"] = WriteVerdict.HeldBack;
        Assert.Equal(("counted@2", "{\"halves\":20}", 30), Settle(kind));

        _gate.Verdicts["counted@2"] = WriteVerdict.HeldBack;
        var (type, payload, total) = Settle(kind);
        Assert.Equal(("counted", "{\"units\":10}", 30), (type, payload, total));
        var recovered = kind.Evolve(new Counter(0), type, Encoding.UTF8.GetBytes(payload), new EventContext("c-1", 5, default));
        Assert.Equal(new Counter(total), recovered);
    }

    [Fact]
    public void An_older_form_that_is_being_registered_is_waited_for()
    {
        _gate.Verdicts["counted@3"] = WriteVerdict.HeldBack;
        _gate.Verdicts["counted@2"] = WriteVerdict.Pending;
        var kind = Versioned(canDowncast: true);
        var decision = kind.Decide(new Counter(0), new Add(10), Context);
        Assert.Equal(WriteVerdict.Pending, EventVersions.Settle(_gate, kind, new Counter(0), new Add(10), Context, ref decision).Verdict);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_a_form_that_may_be_written_the_newest_is_named(bool canDowncast)
    {
        foreach (var type in new[] { "counted", "counted@2", "counted@3" })
        {
            _gate.Verdicts[type] = WriteVerdict.HeldBack;
        }

        var kind = Versioned(canDowncast);
        var decision = kind.Decide(new Counter(0), new Add(10), Context);
        var permission = EventVersions.Settle(_gate, kind, new Counter(0), new Add(10), Context, ref decision);
        Assert.Equal((WriteVerdict.HeldBack, "counter counted@3: HeldBack"), (permission.Verdict, permission.Detail));
    }

    [Fact]
    public void A_process_reads_all_events_of_its_kinds()
    {
        var reads = EngineEventTypes.ReadsOf(new EntityKindRegistry([Versioned(canDowncast: false)]));
        Assert.Equal("{\"counter\":{\"state\":1,\"events\":[\"counted\",\"counted@2\",\"counted@3\"]}}", reads.Json);
    }

    private (string Type, string Payload, int Total) Settle(IEntityKind kind)
    {
        var decision = kind.Decide(new Counter(0), new Add(10), Context);
        Assert.Equal(WriteVerdict.Granted, EventVersions.Settle(_gate, kind, new Counter(0), new Add(10), Context, ref decision).Verdict);
        var happened = Assert.Single(decision.Events);
        return (happened.EventType, Encoding.UTF8.GetString(happened.Payload), ((Counter)decision.NewState).Value);
    }

    private static IEntityKind Versioned(bool canDowncast)
    {
        var kind = EntityKind.Define<Counter, CounterCommand, CountEvent>(
            "counter", new Counter(0),
            (_, command) => new Thrice(((Add)command).Amount * 3),
            (state, happened) => new Counter(state.Value + ((Thrice)happened).Thirds));
        kind.Upcast = happened => happened switch
        {
            Once once => new Thrice(once.Units * 3),
            Twice twice => new Thrice(twice.Halves / 2 * 3),
            _ => happened,
        };
        kind.Downcast = !canDowncast ? null : happened => happened switch
        {
            Thrice thrice => new Twice(thrice.Thirds / 3 * 2),
            Twice twice => new Once(twice.Halves / 2),
            _ => null,
        };
        return kind;
    }

    [JsonDerivedType(typeof(Once), "counted"), JsonDerivedType(typeof(Twice), "counted@2"), JsonDerivedType(typeof(Thrice), "counted@3")]
    public abstract record CountEvent;

    public sealed record Once(int Units) : CountEvent;

    public sealed record Twice(int Halves) : CountEvent;

    public sealed record Thrice(int Thirds) : CountEvent;
}
