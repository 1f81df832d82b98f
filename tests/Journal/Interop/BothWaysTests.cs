using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaScale.Tests.Journal.Conformance;
using static AkkaScale.Tests.Journal.Conformance.LedgerActor;

namespace AkkaScale.Tests.Journal.Interop;

/// <summary>The stock plugin and ours on one database: each recovers what the other wrote, and one read journal reads both.</summary>
public abstract class BothWaysTests(IInteropDatabase database) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private ActorSystem? _ours;
    private ActorSystem? _stock;

    private static Config Settings => ConfigurationFactory.ParseString(TestEventSerializer.Settings);

    public async Task InitializeAsync()
    {
        // Ours first: its migrations make the tables, and the stock plugin finds them.
        _ours = await database.StartOursAsync(Settings);
        _stock = ActorSystem.Create("stock", Settings.WithFallback(database.StockSettings));
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_ours!.Terminate(), _stock!.Terminate());
        await database.DisposeAsync();
    }

    [Fact]
    public Task The_stock_plugin_recovers_what_ours_wrote_and_writes_on() => AlternateAsync(_ours!, _stock!, "shard-0/1");

    [Fact]
    public Task Ours_recovers_what_the_stock_plugin_wrote_and_writes_on() => AlternateAsync(_stock!, _ours!, "shard-0/2");

    [Fact]
    public async Task Either_goes_on_after_the_others_deletions()
    {
        foreach (var (first, second, id) in new[] { (_ours!, _stock!, "shard-0/3"), (_stock!, _ours!, "shard-0/4") })
        {
            await RunAsync(first, id, async (actor, expect) =>
            {
                await expect(new Recovered(0));
                actor.Tell(new NoteAll(new Noted("1"), new Noted("2")));
                await expect(new Written(1, new Noted("1")), new Written(2, new Noted("2")), "all");
                actor.Tell(new Forget(2));
                await expect(new DeleteMessagesSuccess(2));
            });
            await RunAsync(second, id, async (actor, expect) =>
            {
                await expect(new Recovered(2));
                actor.Tell(new NoteAll(new Noted("3")));
                await expect(new Written(3, new Noted("3")));
            });
        }
    }

    [Fact]
    public async Task One_read_journal_reads_both()
    {
        await WriteAsync(_ours!, "shard-0/5", Tag(new Noted("tagged by ours")), new Noted("plain"));
        await WriteAsync(_stock!, "shard-0/6", Tag(new Noted("tagged by stock")));

        foreach (var system in new[] { _stock!, _ours! })
        {
            using var materializer = system.Materializer();
            var journal = PersistenceQuery.Get(system).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier);
            var red = await journal.CurrentEventsByTag("red", Offset.NoOffset()).RunWith(Sink.Seq<EventEnvelope>(), materializer);
            var all = await journal.CurrentAllEvents(Offset.NoOffset()).RunWith(Sink.Seq<EventEnvelope>(), materializer);
            var ids = await journal.CurrentPersistenceIds().RunWith(Sink.Seq<string>(), materializer);

            Assert.Equal([new Noted("tagged by ours"), new Noted("tagged by stock")], red.Select(item => item.Event));
            Assert.Equal([new Noted("tagged by ours"), new Noted("plain"), new Noted("tagged by stock")], all.Select(item => item.Event));
            Assert.Equal(["shard-0/5", "shard-0/6"], ids.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Ours_starts_on_a_database_that_the_stock_plugin_made()
    {
        await using var made = await database.AnotherAsync();
        var stock = ActorSystem.Create("stock", Settings.WithFallback(made.StockSettings));
        await WriteAsync(stock, "shard-0/1", new Noted("old"), new Noted("older"));
        await stock.Terminate();

        var ours = await made.StartOursAsync(Settings);
        await RunAsync(ours, "shard-0/1", async (actor, expect) =>
        {
            await expect(new Replayed(1, new Noted("old")), new Replayed(2, new Noted("older")), new Recovered(2));
            actor.Tell(new NoteAll(new Noted("new")));
            await expect(new Written(3, new Noted("new")), "all");
        });
        await ours.Terminate();
    }

    private static Tagged Tag(object item) => new(item, ImmutableHashSet.Create("red"));

    /// <summary>Events, a snapshot and more events by the one; the other recovers, writes on, and the first one recovers all.</summary>
    private static async Task AlternateAsync(ActorSystem first, ActorSystem second, string id)
    {
        await RunAsync(first, id, async (actor, expect) =>
        {
            await expect(new Recovered(0));
            actor.Tell(new NoteAll(new Noted("1"), new Plain("2")));
            await expect(new Written(1, new Noted("1")), new Written(2, new Plain("2")), "all");
            await SaveAsync(actor, expect, "1 2", 2);
            actor.Tell(new NoteAll(new Noted("3")));
            await expect(new Written(3, new Noted("3")), "all");
        });
        await RunAsync(second, id, async (actor, expect) =>
        {
            await expect(new Offered(2, new Notebook("1 2")), new Replayed(3, new Noted("3")), new Recovered(3));
            actor.Tell(new NoteAll(new Noted("4")));
            await expect(new Written(4, new Noted("4")), "all");
            await SaveAsync(actor, expect, "1 2 3 4", 4);
            actor.Tell(new NoteAll(new Plain("5")));
            await expect(new Written(5, new Plain("5")), "all");
        });
        await RunAsync(first, id, (_, expect) =>
            expect(new Offered(4, new Notebook("1 2 3 4")), new Replayed(5, new Plain("5")), new Recovered(5)));
    }

    private static Task SaveAsync(IActorRef actor, Expectation expect, string state, long number)
    {
        actor.Tell(new Save(new Notebook(state)));
        return expect(new Saved(number));
    }

    private static Task WriteAsync(ActorSystem system, string id, params object[] events) => RunAsync(system, id, async (actor, expect) =>
    {
        await expect(new Recovered(0));
        actor.Tell(new NoteAll(events));
        for (var number = 1; number <= events.Length; number++)
        {
            await expect(new Written(number, events[number - 1]));
        }

        await expect("all");
    });

    private delegate Task Expectation(params object[] messages);

    private static async Task RunAsync(ActorSystem system, string id, Func<IActorRef, Expectation, Task> story)
    {
        using var inbox = Inbox.Create(system);
        var actor = system.ActorOf(LedgerActor.Props(id, inbox.Receiver));
        await story(actor, async expected =>
        {
            foreach (var message in expected)
            {
                Assert.Equal(message, Plainly(await inbox.ReceiveAsync(Patience)));
            }
        });
        await actor.GracefulStop(Patience);
    }

    /// <summary>A snapshot's time is not a test's to know.</summary>
    private static object Plainly(object message) => message is SaveSnapshotSuccess saved ? new Saved(saved.Metadata.SequenceNr) : message;

    private sealed record Saved(long Number);
}
