using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using AkkaScale.Tests.Journal.Conformance;
using AkkaScale.Tests.Journal.Plugins;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Journal.Fencing;

/// <summary>A lease that goes from A to B and back to A.</summary>
[Collection(JournalCollection.Name)]
public sealed class ReturnTests(PostgresServer server)
{
    private const string Id = "shard-0/1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly EntityTally _tally = new();

    [Fact]
    public async Task After_a_return_all_owners_events_are_recovered()
    {
        await using var database = await FencedDatabase.CreateAsync(server);
        await using var a = await database.StartNodeAsync("node-a");
        await using var b = await database.StartNodeAsync("node-b");
        await WriteAsBothAsync(database, a, b);

        Assert.Equal(["a 1", "a 2", "b 3", "b 4", "a 5", "a 6"], await RecoverAsync(a.System));
        Assert.Equal(["a 1", "a 2", "b 3", "b 4", "a 5", "a 6"], await RecoverAsync(b.System));
        await JournalChecks.AssertSoundAsync(database.Connection);
    }

    [Fact]
    public async Task The_stock_replay_filter_as_it_is_by_default_loses_events_there()
    {
        await using var database = await FencedDatabase.CreateAsync(server);
        await using (var a = await database.StartNodeAsync("node-a"))
        await using (var b = await database.StartNodeAsync("node-b"))
        {
            await WriteAsBothAsync(database, a, b);
        }

        var stock = ActorSystem.Create("stock", ConfigurationFactory.ParseString(TestEventSerializer.Settings)
            .WithFallback(StockSettings.For(database.ConnectionString, "PostgreSQL.15")));
        try
        {
            // This is what the fenced journal's setting is for. When a new version loses nothing here, the setting may go.
            var recovered = await RecoverAsync(stock);
            Assert.Equal(["a 1", "a 2", "b 3", "b 4"], recovered);
        }
        finally
        {
            await stock.Terminate();
        }
    }

    [Fact]
    public async Task A_write_that_was_accepted_before_the_lease_left_and_returned_is_refused()
    {
        await using var database = await FencedDatabase.CreateAsync(server);
        await using var node = await database.StartNodeAsync("node-a");
        await node.HoldAsync(database.Connection, "shard-0", "blocked");
        var lost = new ConcurrentQueue<string>();
        node.Book.LeaseLost += (lease, _) => lost.Enqueue(lease);
        var entity = node.System.ActorOf(Entity.Props(Id, _tally));
        var other = node.System.ActorOf(Entity.Props("blocked/1", _tally));
        Assert.Equal(1, await entity.Ask<long>("a 1", Patience));
        await other.Ask<string[]>(new Entity.Texts(), Patience);

        var before = node.Figures.Figures.Batches;
        await using (await database.BlockAsync("blocked"))
        {
            other.Tell("keeps the lane waiting");
            await Until.TrueAsync(() => node.Figures.Figures.Batches > before, "the lane waits");
            entity.Tell("queued under epoch 1");
            await Until.TrueAsync(() => node.Figures.Figures.Waiting == 1, "the write is queued");
            Assert.Equal(2, await LeaseTable.TakeAsync(database.Connection, "shard-0", "node-b"));
            await node.HoldAsync(database.Connection, "shard-0");
            Assert.Equal(3, node.Book.EpochOf("shard-0"));
        }

        await Until.TrueAsync(() => _tally.Ids("stopped").Contains(Id), "the entity stopped");
        Assert.Equal([Id], _tally.Ids("failed"));
        Assert.Empty(_tally.Ids("rejected"));
        Assert.Equal(["a 1"], await database.TextsAsync(Id));

        // The lease is held, by a later epoch: nobody may hear that it is lost.
        Assert.Empty(lost);
        var next = node.System.ActorOf(Entity.Props(Id, _tally));
        Assert.Equal(2, await next.Ask<long>("a 2", Patience));
        Assert.Equal(["a 1", "a 2"], await database.TextsAsync(Id));
        await JournalChecks.AssertSoundAsync(database.Connection);
    }

    private async Task WriteAsBothAsync(FencedDatabase database, FencedNode a, FencedNode b)
    {
        var number = 0;
        foreach (var (node, name) in new[] { (a, "a"), (b, "b"), (a, "a") })
        {
            await node.HoldAsync(database.Connection, "shard-0");
            var entity = node.System.ActorOf(Entity.Props(Id, _tally));
            for (var i = 0; i < 2; i++)
            {
                Assert.Equal(++number, await entity.Ask<long>($"{name} {number}", Patience));
            }

            await entity.GracefulStop(Patience);
        }
    }

    private async Task<string[]> RecoverAsync(ActorSystem system)
    {
        var entity = system.ActorOf(Entity.Props(Id, _tally));
        var texts = await entity.Ask<string[]>(new Entity.Texts(), Patience);
        await entity.GracefulStop(Patience);
        return texts;
    }
}
