using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;

namespace AkkaScale.Tests.Unit.Sharding;

public sealed class EntityKindTests
{
    private static readonly IEntityKind Kind = CounterKind.Create();
    private static readonly EventContext Context = new("c-1", 1, default);

    [Fact]
    public void A_decision_comes_with_its_events_encoded_under_their_declared_names_and_folded()
    {
        var decision = Kind.Decide(new Counter(1), new AddEach([2, 3]), new CommandContext("c-1", 1, "", default));
        Assert.Equal(new Counter(6), decision.NewState);
        Assert.Equal([("added", "{\"amount\":2}"), ("added", "{\"amount\":3}")],
            decision.Events.Select(row => (row.EventType, Encoding.UTF8.GetString(row.Payload))));
    }

    [Fact]
    public void A_stored_event_folds_to_the_same_state() =>
        Assert.Equal(new Counter(9), Kind.Evolve(new Counter(5), "added", "{\"amount\":4}"u8.ToArray(), Context));

    [Theory]
    [InlineData("subtracted", "{}")]
    [InlineData("added", "null")]
    [InlineData("added", "{\"amount\":\"four\"}")]
    public void An_unknown_or_unreadable_event_is_an_error_that_names_it(string type, string payload) =>
        Assert.Throws<JsonException>(() => Kind.Evolve(new Counter(0), type, Encoding.UTF8.GetBytes(payload), Context));

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"$type\":\"subtract\"}")]
    [InlineData("[1]")]
    [InlineData("")]
    public void A_command_that_is_none_of_the_kinds_is_an_error(string json) =>
        Assert.ThrowsAny<JsonException>(() => Kind.ReadCommand(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json))));

    [Fact]
    public void A_snapshot_reads_back() => Assert.Equal(new Counter(7), Kind.ReadSnapshot(Kind.WriteSnapshot(new Counter(7))));

    [Fact]
    public void An_event_of_an_old_version_is_raised_to_todays_before_it_is_folded()
    {
        var kind = EntityKind.Define<Counter, CounterCommand, VersionedEvent>(
            "counter", new Counter(0), (_, _) => new CountedTwice(1), (state, happened) => new Counter(state.Value + ((CountedTwice)happened).Twice));
        kind.Upcast = happened => happened is CountedOnce once ? new CountedTwice(once.Amount * 2) : happened;
        IEntityKind untyped = kind;

        Assert.Equal(new Counter(6), untyped.Evolve(new Counter(0), "counted", "{\"amount\":3}"u8.ToArray(), Context));
        Assert.Equal(new Counter(3), untyped.Evolve(new Counter(0), "counted@2", "{\"twice\":3}"u8.ToArray(), Context));
        Assert.Equal("counted@2", untyped.Decide(new Counter(0), new Get(), new CommandContext("c", 0, "", default)).Events.Single().EventType);
    }

    [Fact]
    public void Events_without_declared_names_are_refused_when_the_kind_is_defined()
    {
        var refused = Assert.Throws<ArgumentException>(() => EntityKind.Define<Counter, CounterCommand, NamelessEvent>(
            "counter", new Counter(0), (_, _) => Decision<NamelessEvent>.Unchanged, (state, _) => state));
        Assert.Contains("JsonDerivedType", refused.Message);
    }

    [Fact]
    public void Two_kinds_of_one_name_are_refused() =>
        Assert.Throws<ArgumentException>(() => new EntityKindRegistry([CounterKind.Create(), CounterKind.Create()]));

    [JsonDerivedType(typeof(CountedOnce), "counted")]
    [JsonDerivedType(typeof(CountedTwice), "counted@2")]
    public abstract record VersionedEvent;

    public sealed record CountedOnce(int Amount) : VersionedEvent;

    public sealed record CountedTwice(int Twice) : VersionedEvent;

    public abstract record NamelessEvent;
}
