using System.Text.Json.Serialization;
using AkkaScale.Entities;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Entities;

namespace AkkaScale.Tests.Unit.TestKit;

/// <summary>Every check of a spec fails when it should, and says what is wrong.</summary>
public sealed class EntitySpecTests
{
    private static readonly Func<Jar, JarCommand, CommandContext, Decision<JarEvent>> Decide = (jar, command, context) => command switch
    {
        Put { Coins: <= 0 } => new Refusal("jar/nothing", "Put at least one coin in."),
        Put put => new CoinsPut(put.Coins, context.ActingUser, context.At),
        _ => Decision<JarEvent>.Unchanged,
    };

    private static readonly Func<Jar, JarEvent, EventContext, Jar> Evolve = (jar, happened, _) => happened switch
    {
        CoinsPut put => jar with { Coins = jar.Coins + put.Coins, Givers = [.. jar.Givers, put.By] },
        _ => jar,
    };

    [Fact]
    public void A_story_of_several_commands_holds()
    {
        var noon = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
        var spec = EntitySpec.For(Kind()).WithId("jar-1").As("ada").At(noon)
            .Given(new CoinsPut(3, "eve", noon))
            .When(new Put(2)).Then(new CoinsPut(2, "ada", noon)).ThenState(jar => jar.Coins == 5)
            .When(new Put(0)).ThenRefused("jar/nothing")
            .As("bob").After(TimeSpan.FromHours(1))
            .When(new Put(1)).Then(new CoinsPut(1, "bob", noon.AddHours(1)))
            .When(new Look()).ThenUnchanged()
            .ThenState(new Jar(6, ["eve", "ada", "bob"]));
        Assert.Equal((3, 6), (spec.Version, spec.State.Coins));
    }

    [Fact]
    public void The_time_of_an_entity_never_goes_back()
    {
        var noon = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
        EntitySpec.For(Kind()).At(noon).Given(new CoinsPut(1, "", noon))
            .At(noon.AddHours(-1)).When(new Put(1)).Then(new CoinsPut(1, "", noon));
    }

    [Fact]
    public void Other_events_are_shown_as_a_difference()
    {
        var text = Fails(() => EntitySpec.For(Kind()).As("ada").Given(new CoinsPut(3, "eve", default)).When(new Put(2)).Then(new CoinsPut(4, "ada", default)));
        Assert.Contains("Given CoinsPut { Coins: 3", text);
        Assert.Contains("When Put { Coins: 2 }", text);
        Assert.Contains("  -   Coins: 4", text);
        Assert.Contains("  +   Coins: 2", text);
        Assert.Contains("      By: \"ada\"", text);
    }

    [Theory]
    [InlineData("events", "refused: jar/nothing (Put at least one coin in.)")]
    [InlineData("unchanged", "refused: jar/nothing")]
    [InlineData("other code", "Expected a refusal with code \"jar/full\"")]
    [InlineData("refused", "CoinsPut {")]
    [InlineData("nothing happened", "CoinsPut {")]
    [InlineData("too few", "CoinsPut {")]
    [InlineData("state", "The state does not satisfy jar => jar.Coins > 9. It is:\n    Jar {\n      Coins: 1")]
    [InlineData("other state", "- Coins: 2")]
    [InlineData("always", "It should always hold that jar => jar.Coins < 2. At version 1 the state is")]
    public void A_statement_that_does_not_hold_fails(string statement, string words)
    {
        var spec = EntitySpec.For(Kind());
        var text = Fails(() => _ = statement switch
        {
            "events" => spec.When(new Put(0)).Then(new CoinsPut(0, "", default)),
            "unchanged" => spec.When(new Put(0)).ThenUnchanged(),
            "other code" => spec.When(new Put(0)).ThenRefused("jar/full"),
            "refused" => spec.When(new Put(1)).ThenRefused("jar/nothing"),
            "nothing happened" => spec.When(new Put(1)).ThenUnchanged(),
            "too few" => spec.When(new Put(1)).Then(),
            "state" => spec.When(new Put(1)).ThenState(jar => jar.Coins > 9),
            "other state" => spec.When(new Put(1)).ThenState(new Jar(2, [""])),
            _ => spec.Always(jar => jar.Coins < 2).When(new Put(2)),
        });
        Assert.Contains(words, text.Replace("  -   Coins", "- Coins"));
    }

    [Fact]
    public void Then_needs_a_When() =>
        Assert.Throws<InvalidOperationException>(() => EntitySpec.For(Kind()).When(new Put(1)).Given(new CoinsPut(1, "", default)).ThenUnchanged());

    [Fact]
    public void Chance_in_Decide_is_found() => Assert.Contains(
        "Decide came to something else the second time",
        Fails(() => EntitySpec.For(Kind(decide: (_, _, _) => new CoinsPut(1, Guid.NewGuid().ToString(), default))).When(new Put(1))));

    [Fact]
    public void A_look_at_the_clock_in_Decide_is_found() => Assert.Contains(
        "Decide came to something else the second time",
        Fails(() => EntitySpec.For(Kind(decide: (_, _, _) => new CoinsPut(1, "", DateTimeOffset.UtcNow))).When(new Put(1))));

    [Fact]
    public void Chance_in_a_refusal_is_found() => Assert.Contains(
        "Decide came to something else the second time",
        Fails(() => EntitySpec.For(Kind(decide: (_, _, _) => new Refusal("jar/odd", $"Not at {DateTime.UtcNow.Ticks}."))).When(new Put(1))));

    [Fact]
    public void A_Decide_that_changes_the_state_is_found() => Assert.Contains(
        "Decide has changed the state it was given",
        Fails(() => EntitySpec.For(Kind(decide: (jar, _, _) =>
        {
            jar.Givers.Add("decide");
            return new Refusal("jar/nothing", "");
        })).When(new Put(1))));

    [Fact]
    public void An_Evolve_that_changes_the_state_is_found()
    {
        var kind = Kind(evolve: (jar, _, _) =>
        {
            jar.Givers.Add("evolve");
            return jar;
        });
        Assert.Contains("Evolve has changed the state it was given by CoinsPut", Fails(() => EntitySpec.For(kind).When(new Put(1))));
        Assert.Contains("Evolve has changed the state it was given by put", Fails(() => EntitySpec.For(kind).Given(new CoinsPut(1, "", default))));
    }

    [Fact]
    public void Chance_in_Evolve_is_found() => Assert.Contains(
        "Folding the journal anew gives another state",
        Fails(() => EntitySpec.For(Kind(evolve: (jar, _, _) => jar with { Givers = [Guid.NewGuid().ToString()] })).When(new Put(1))));

    [Fact]
    public void An_event_that_its_upcast_makes_another_is_found()
    {
        var kind = Kind();
        kind.Upcast = happened => happened is CoinsPut put ? put with { Coins = put.Coins + 1 } : happened;
        Assert.Contains("Folding the journal anew gives another state", Fails(() => EntitySpec.For(kind).When(new Put(1))));
    }

    [Fact]
    public void An_event_that_loses_something_in_its_JSON_is_found() => Assert.Contains(
        "Event Forgetful is another one after its JSON",
        Fails(() => EntitySpec.For(Kind(decide: (_, _, _) => new Forgetful { Secret = "x" })).When(new Put(1))));

    [Fact]
    public void An_event_without_a_declared_name_is_found() => Assert.Contains(
        "Event Nameless does not survive its JSON: InvalidOperationException: Event Nameless of kind jar has no declared name.",
        Fails(() => EntitySpec.For(Kind(decide: (_, _, _) => new Nameless())).When(new Put(1))));

    [Fact]
    public void A_command_that_loses_something_in_its_JSON_is_found() => Assert.Contains(
        "Command Whisper is another one after its JSON", Fails(() => EntitySpec.For(Kind()).When(new Whisper { Word = "x" })));

    [Fact]
    public void A_command_without_a_declared_name_is_found() => Assert.Contains(
        "Command Unnamed does not survive its JSON", Fails(() => EntitySpec.For(Kind()).When(new Unnamed())));

    [Fact]
    public void A_state_that_loses_something_in_its_snapshot_is_found() => Assert.Contains(
        "The state is another one after its snapshot",
        Fails(() => EntitySpec.For(Kind(evolve: (jar, _, _) => jar with { Hidden = 1 })).When(new Put(1))));

    [Fact]
    public void What_the_functions_throw_is_told_with_the_story()
    {
        var decide = Fails(() => EntitySpec.For(Kind(decide: (_, _, _) => throw new ArithmeticException("odd"))).When(new Put(1)));
        Assert.Contains("When Put { Coins: 1 }", decide);
        Assert.Contains("Decide failed; say no with a Refusal: ArithmeticException: odd", decide);
        Assert.Contains(
            "Evolve failed for CoinsPut: ArithmeticException: odd",
            Fails(() => EntitySpec.For(Kind(evolve: (_, _, _) => throw new ArithmeticException("odd"))).When(new Put(1))));
    }

    private static EntityKind<Jar, JarCommand, JarEvent> Kind(
        Func<Jar, JarCommand, CommandContext, Decision<JarEvent>>? decide = null, Func<Jar, JarEvent, EventContext, Jar>? evolve = null) =>
        EntityKind.Define<Jar, JarCommand, JarEvent>("jar", new Jar(0, []), decide ?? Decide, evolve ?? Evolve);

    private static string Fails(Action spec) => Assert.Throws<SpecFailedException>(spec).Message;

    /// <summary>With a list that can be changed, as a state must not have it.</summary>
    private sealed record Jar(int Coins, List<string> Givers)
    {
        [JsonIgnore]
        public int Hidden { get; init; }
    }

    [JsonDerivedType(typeof(Put), "put"), JsonDerivedType(typeof(Look), "look"), JsonDerivedType(typeof(Whisper), "whisper")]
    private abstract record JarCommand;

    private sealed record Put(int Coins) : JarCommand;

    private sealed record Look : JarCommand;

    private sealed record Whisper : JarCommand
    {
        [JsonIgnore]
        public string Word { get; init; } = "";
    }

    private sealed record Unnamed : JarCommand;

    [JsonDerivedType(typeof(CoinsPut), "put"), JsonDerivedType(typeof(Forgetful), "forgetful")]
    private abstract record JarEvent;

    private sealed record CoinsPut(int Coins, string By, DateTimeOffset At) : JarEvent;

    private sealed record Forgetful : JarEvent
    {
        [JsonIgnore]
        public string Secret { get; init; } = "";
    }

    private sealed record Nameless : JarEvent;
}
