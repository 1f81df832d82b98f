using System.Collections.Concurrent;
using Akka.Actor;
using AkkaScale.Tests.Journal.Plugins;
using AkkaScale.Tests.Support;
using Npgsql;

namespace AkkaScale.Tests.Journal.Fencing;

/// <summary>What is not written of a batch is told to those whom it concerns, as a failure, and to nobody else.</summary>
[Collection(JournalCollection.Name)]
public sealed class SliceTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task One_guilty_row_in_a_batch_of_a_hundred_entities_fails_alone()
    {
        await using var database = await FencedDatabase.CreateAsync(server);
        await using var node = await database.StartNodeAsync();
        await node.HoldAsync(database.Connection, "shard-0", "shard-1", "shard-2", "shard-3");
        var tally = new EntityTally();
        var ids = Enumerable.Range(0, 100).Select(number => $"shard-{number % 4}/{number}").ToList();
        var entities = await StartAsync(node, ids, tally);
        await InsertAsync(database, ids[57]);

        // The first write keeps the lane waiting, so that all others go in the next batch together.
        var before = node.Figures.Figures.Batches;
        Task<long>[] answers;
        Task<long> first;
        await using (await database.BlockAsync("shard-0"))
        {
            first = (await StartAsync(node, ["shard-0/first"], tally))[0].Ask<long>("first", Patience);
            await Until.TrueAsync(() => node.Figures.Figures.Batches > before, "the first batch was sent");
            answers = entities.Select((entity, number) => entity.Ask<long>($"text {number}", Patience)).ToArray();
            await Until.TrueAsync(() => node.Figures.Figures.Waiting == 100, "a hundred writes wait");
        }

        await first;
        await Task.WhenAll(answers.Where((_, number) => number != 57));
        await Until.TrueAsync(() => tally.Ids("stopped").Contains(ids[57]), "the guilty entity stopped");

        Assert.Equal([ids[57]], tally.Ids("failed"));
        Assert.Equal([ids[57]], tally.Ids("stopped"));
        Assert.Empty(tally.Ids("rejected"));
        Assert.Equal(["not ours"], await database.TextsAsync(ids[57]));
        Assert.Equal(["text 56"], await database.TextsAsync(ids[56]));
        Assert.Equal(101L, await database.ReadAsync<long>("SELECT count(*) FROM journal"));
    }

    [Fact]
    public async Task A_refused_slice_stops_its_entities_and_nothing_is_taken_for_a_rejection()
    {
        await using var database = await FencedDatabase.CreateAsync(server);
        await using var node = await database.StartNodeAsync();
        await node.HoldAsync(database.Connection, "shard-0", "shard-1");
        var lost = new ConcurrentQueue<(string, long)>();
        node.Book.LeaseLost += (lease, epoch) => lost.Enqueue((lease, epoch));
        var tally = new EntityTally();
        var ids = Enumerable.Range(0, 20).Select(number => $"shard-{number % 2}/{number}").ToList();
        var entities = await StartAsync(node, ids, tally);

        await LeaseTable.TakeAsync(database.Connection, "shard-0", "node-b");
        var answers = entities.Select((entity, number) => entity.Ask<long>($"text {number}", Patience)).ToArray();
        await Task.WhenAll(answers.Where((_, number) => number % 2 == 1));
        var refused = ids.Where(id => id.StartsWith("shard-0", StringComparison.Ordinal)).ToList();
        await Until.TrueAsync(() => tally.Ids("stopped").Count() == refused.Count, "the refused entities stopped");

        Assert.Equal(refused, tally.Ids("failed").OrderBy(ids.IndexOf));
        Assert.Equal(refused, tally.Ids("stopped").OrderBy(ids.IndexOf));
        Assert.Empty(tally.Ids("rejected"));
        Assert.Equal(10L, await database.ReadAsync<long>("SELECT count(*) FROM journal"));
        await Until.TrueAsync(() => !lost.IsEmpty, "the book was told that the lease is lost");
        Assert.All(lost, each => Assert.Equal(("shard-0", 1L), each));
    }

    [Fact]
    public async Task Without_the_lease_in_its_book_a_process_writes_nothing_and_its_entities_stop()
    {
        await using var database = await FencedDatabase.CreateAsync(server);
        await using var node = await database.StartNodeAsync();
        await node.HoldAsync(database.Connection, "shard-0");
        node.Book.GiveUp("shard-0");
        var tally = new EntityTally();
        var entity = (await StartAsync(node, ["shard-0/1"], tally))[0];
        entity.Tell("text");

        await Until.TrueAsync(() => tally.Ids("stopped").Any(), "the entity stopped");
        Assert.Equal(["shard-0/1"], tally.Ids("failed"));
        Assert.Empty(tally.Ids("rejected"));
        Assert.Equal(0L, await database.ReadAsync<long>("SELECT count(*) FROM journal"));
    }

    private static async Task<IActorRef[]> StartAsync(FencedNode node, IEnumerable<string> ids, EntityTally tally)
    {
        var entities = ids.Select(id => node.System.ActorOf(Entity.Props(id, tally))).ToArray();
        await tally.ReadyAsync(entities, Patience);
        return entities;
    }

    private static async Task InsertAsync(FencedDatabase database, string id)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO journal (deleted, persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid)
            VALUES (false, @id, 1, 0, 'not ours', 9301, 'noted@2', 'somebody')
            """,
            database.Connection);
        command.Parameters.AddWithValue("id", id);
        await command.ExecuteNonQueryAsync();
    }
}
