using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;
using AkkaScale.Tests.Journal.Plugins;
using static AkkaScale.Tests.Journal.Conformance.LedgerActor;

namespace AkkaScale.Tests.Journal.Conformance;

/// <summary>What a persistent actor sees of the plugin.</summary>
public abstract class PersistentActorRules<TPlugin>(TPlugin plugin, ITestOutputHelper output)
    : PluginSpec(plugin, output), IClassFixture<TPlugin>
    where TPlugin : PluginUnderTest
{
    [Fact]
    public Task A_new_incarnation_recovers_what_the_last_one_persisted() => RuleAsync(async () =>
    {
        var id = NewId();
        var (actor, probe) = await StartAsync(id);
        actor.Tell(new Note(new Noted("one")));
        actor.Tell(new NoteAll(new Noted("two"), new Noted("three")));
        await ExpectAsync(
            probe, "sent", new Written(1, new Noted("one")), new Written(2, new Noted("two")), new Written(3, new Noted("three")), "all");
        await StopAsync(actor);

        var (_, next) = await StartAsync(id, recovered: null);
        await ExpectAsync(
            next, new Replayed(1, new Noted("one")), new Replayed(2, new Noted("two")), new Replayed(3, new Noted("three")),
            new Recovered(3));
    });

    [Fact]
    public Task Commands_wait_while_an_event_is_persisted() => RuleAsync(async () =>
    {
        var (actor, probe) = await StartAsync(NewId());
        actor.Tell(new Note(new Noted("one")));
        actor.Tell("next command");
        await ExpectAsync(probe, "sent", new Written(1, new Noted("one")), "next command");
    });

    [Fact]
    public Task Handlers_of_many_events_run_in_order() => RuleAsync(async () =>
    {
        var (actor, probe) = await StartAsync(NewId());
        var events = Enumerable.Range(1, 300).Select(number => (object)new Noted($"note {number}")).ToArray();
        foreach (var ten in events.Chunk(10))
        {
            actor.Tell(new NoteAsync(ten));
        }

        var seen = new List<object>();
        while (seen.Count < events.Length)
        {
            if (await probe.ExpectMsgAsync<object>(Patience) is Written written)
            {
                seen.Add(written.Event);
            }
        }

        Assert.Equal(events, seen);
    });

    [Fact]
    public Task A_deferred_call_runs_after_the_events_before_it_and_writes_nothing() => RuleAsync(async () =>
    {
        var id = NewId();
        var (actor, probe) = await StartAsync(id);
        actor.Tell(new NoteAsync(new Noted("one"), new Noted("two")));
        actor.Tell(new Defer("deferred"));
        actor.Tell(new NoteAllAsync(new Noted("three")));

        var seen = new List<object>();
        while (seen.Count < 4)
        {
            var message = await probe.ExpectMsgAsync<object>(Patience);
            seen.AddRange(message is Written written ? [((Noted)written.Event).Text] : message is "deferred" ? [message] : []);
        }

        Assert.Equal(["one", "two", "deferred", "three"], seen);
        Assert.Equal([1, 2, 3], (await ReplayAsync(id)).Numbers);
    });

    [Fact]
    public Task A_deferred_call_without_an_event_before_it_runs_at_once() => RuleAsync(async () =>
    {
        var (actor, probe) = await StartAsync(NewId());
        actor.Tell(new Defer("deferred"));
        await ExpectAsync(probe, "deferred");
    });

    [Fact]
    public Task A_write_that_fails_stops_the_actor_and_is_no_rejection() => RuleAsync(async () =>
    {
        var id = NewId();
        var (actor, probe) = await StartAsync(id);
        Watch(actor);
        await WriteAsync(id, 1, new Noted("somebody else's"));
        actor.Tell(new Note(new Noted("mine")));

        await ExpectAsync(probe, "sent", new NotWritten(1, IsRejection: false));
        await ExpectTerminatedAsync(actor, Patience);
        Assert.Equal(["somebody else's"], (await ReplayAsync(id)).Texts);
    });

    [Fact]
    public Task An_actor_that_crashed_recovers_what_it_had_sent() => RuleAsync(async () =>
    {
        var (actor, probe) = await StartAsync(NewId());
        actor.Tell(new NoteAsync(new Noted("one"), new Noted("two"), new Noted("three")));
        actor.Tell(new Crash());

        // The last incarnation's writes are still under way when the next one asks for its highest number.
        object last;
        do
        {
            last = await probe.ExpectMsgAsync<object>(Patience);
        }
        while (last is not Recovered);
        var recovered = ((Recovered)last).Number;
        actor.Tell(new Note(new Noted("next")));
        await ExpectAsync(probe, "sent", new Written(recovered + 1, new Noted("next")));
    });

    [Fact]
    public Task Recovery_begins_at_the_latest_snapshot() => RuleAsync(async () =>
    {
        var id = NewId();
        await WithSnapshotAsync(id);

        var (_, probe) = await StartAsync(id, recovered: null);
        await ExpectAsync(probe, new Offered(2, new Notebook("two")), new Replayed(3, new Noted("three")), new Recovered(3));
    });

    [Fact]
    public Task Recovery_without_snapshots_replays_everything() => RuleAsync(async () =>
    {
        var id = NewId();
        await WithSnapshotAsync(id);

        var (_, probe) = await StartAsync(id, new Recovery(SnapshotSelectionCriteria.None), recovered: null);
        await ExpectAsync(
            probe, new Replayed(1, new Noted("one")), new Replayed(2, new Noted("two")), new Replayed(3, new Noted("three")),
            new Recovered(3));
    });

    [Theory]
    [InlineData(1, long.MaxValue, 1)]
    [InlineData(long.MaxValue, 2, 2)]
    [InlineData(2, 1, 1)]
    public Task Recovery_keeps_to_the_numbers_it_is_given(long to, long max, int expected) => RuleAsync(async () =>
    {
        var id = NewId();
        await WriteAsync(id, 1, new Noted("1"), new Noted("2"), new Noted("3"));

        var (_, probe) = await StartAsync(id, new Recovery(SnapshotSelectionCriteria.Latest, to, max), recovered: null);
        for (var number = 1; number <= expected; number++)
        {
            await ExpectAsync(probe, new Replayed(number, new Noted($"{number}")));
        }

        await ExpectAsync(probe, new Recovered(3));
    });

    [Fact]
    public Task An_actor_whose_events_are_all_deleted_goes_on_with_the_next_number() => RuleAsync(async () =>
    {
        var id = NewId();
        var (actor, probe) = await StartAsync(id);
        actor.Tell(new NoteAll(new Noted("one"), new Noted("two")));
        await ExpectAsync(probe, new Written(1, new Noted("one")), new Written(2, new Noted("two")), "all");
        actor.Tell(new Forget(2));
        await ExpectAsync(probe, new DeleteMessagesSuccess(2));
        await StopAsync(actor);

        var (again, next) = await StartAsync(id, recovered: new Recovered(2));
        again.Tell(new Note(new Noted("three")));
        await ExpectAsync(next, "sent", new Written(3, new Noted("three")));
    });

    [Fact]
    public Task Event_adapters_stand_between_actor_and_journal() => RuleAsync(async () =>
    {
        var id = NewId();
        var (actor, probe) = await StartAsync(id);
        actor.Tell(new NoteAll(new Wrapped("one"), new Doubled("two"), new Dropped("three")));
        await ExpectAsync(
            probe, new Written(1, new Wrapped("one")), new Written(2, new Doubled("two")), new Written(3, new Dropped("three")), "all");
        await StopAsync(actor);

        var stored = await Plugin.QueryAsync(
            "SELECT manifest FROM journal WHERE persistence_id = @id ORDER BY sequence_number", ("@id", id));
        Assert.Equal(["noted@1", "noted@1", "noted@1"], stored.Select(row => row[0]));
        var (_, next) = await StartAsync(id, recovered: null);
        Assert.StartsWith("one", ((Wrapped)(await next.ExpectMsgAsync<Replayed>(Patience)).Event).Text, StringComparison.Ordinal);
        await ExpectAsync(next, new Replayed(2, new Doubled("two")), new Replayed(2, new Doubled("two")), new Recovered(3));
    });

    [Fact]
    public Task A_read_adapter_is_given_the_manifest_that_the_write_adapter_named() => RuleAsync(async () =>
    {
        var id = NewId();
        var (actor, probe) = await StartAsync(id);
        actor.Tell(new Note(new Wrapped("one")));
        await ExpectAsync(probe, "sent", new Written(1, new Wrapped("one")));
        await StopAsync(actor);

        var (_, next) = await StartAsync(id, recovered: null);
        await ExpectAsync(next, new Replayed(1, new Wrapped("one (length 3)")));
    });

    [Fact]
    public Task Hundreds_of_entities_persist_at_once() => RuleAsync(async () =>
    {
        var probe = CreateTestProbe();
        var ids = Enumerable.Range(0, 200).Select(_ => NewId()).ToList();
        var actors = ids.Select(id => Sys.ActorOf(LedgerActor.Props(id, probe.Ref))).ToList();
        foreach (var actor in actors)
        {
            actor.Tell(new NoteAllAsync(new Noted("one"), new Noted("two")));
            actor.Tell(new NoteAllAsync(new Noted("three")));
        }

        var written = 0;
        while (written < 3 * actors.Count)
        {
            var message = await probe.ExpectMsgAsync<object>(Patience);
            Assert.IsNotType<NotWritten>(message);
            written += message is Written ? 1 : 0;
        }

        foreach (var id in ids.Where((_, index) => index % 20 == 0))
        {
            Assert.Equal(["one", "two", "three"], (await ReplayAsync(id)).Texts);
        }
    });

    private async Task WithSnapshotAsync(string id)
    {
        var (actor, probe) = await StartAsync(id);
        actor.Tell(new NoteAll(new Noted("one"), new Noted("two")));
        actor.Tell(new Save(new Notebook("two")));
        await ExpectAsync(probe, new Written(1, new Noted("one")), new Written(2, new Noted("two")), "all");
        await probe.ExpectMsgAsync<SaveSnapshotSuccess>(Patience);
        actor.Tell(new Note(new Noted("three")));
        await ExpectAsync(probe, "sent", new Written(3, new Noted("three")));
        await StopAsync(actor);
    }

    private Task<(IActorRef Actor, TestProbe Probe)> StartAsync(string id) => StartAsync(id, recovered: new Recovered(0));

    private Task<(IActorRef Actor, TestProbe Probe)> StartAsync(string id, Recovered? recovered) =>
        StartAsync(id, Recovery.Default, recovered);

    private async Task<(IActorRef Actor, TestProbe Probe)> StartAsync(string id, Recovery recovery, Recovered? recovered)
    {
        var probe = CreateTestProbe();
        var actor = Sys.ActorOf(LedgerActor.Props(id, probe.Ref, recovery));
        if (recovered is not null)
        {
            await ExpectAsync(probe, recovered);
        }

        return (actor, probe);
    }

    private async Task StopAsync(IActorRef actor)
    {
        Watch(actor);
        Sys.Stop(actor);
        await ExpectTerminatedAsync(actor, Patience);
    }

    private static async Task ExpectAsync(TestProbe probe, params object[] expected)
    {
        foreach (var message in expected)
        {
            Assert.Equal(message, await probe.ExpectMsgAsync<object>(Patience));
        }
    }
}
