using Akka.Actor;
using Akka.Persistence;
using AkkaScale.Tests.Journal.Conformance;
using AkkaScale.Tests.Journal.Plugins;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Journal.Fencing;

/// <summary>Not only events: an owner that has lost its lease, and does not know it, changes nothing at all.</summary>
[Collection(JournalCollection.Name)]
public sealed class OldOwnerTests(PostgresServer server)
{
    private const string Id = "shard-0/1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_old_owner_neither_saves_nor_deletes_snapshots_nor_deletes_events()
    {
        await using var database = await FencedDatabase.CreateAsync(server);
        await using var old = await database.StartNodeAsync("node-a");
        await using var next = await database.StartNodeAsync("node-b");
        await old.HoldAsync(database.Connection, "shard-0");
        var entity = old.System.ActorOf(Entity.Props(Id, new EntityTally()));
        Assert.Equal(1, await entity.Ask<long>("one", Patience));
        Assert.IsType<SaveSnapshotSuccess>(await SaveAsync(old, 1, "old"));

        await next.HoldAsync(database.Connection, "shard-0");
        Assert.IsType<SaveSnapshotSuccess>(await SaveAsync(next, 2, "new"));

        Assert.IsType<SaveSnapshotFailure>(await SaveAsync(old, 2, "stale"));
        Assert.IsType<SaveSnapshotFailure>(await SaveAsync(old, 3, "stale"));
        Assert.IsType<DeleteSnapshotFailure>(
            await Store(old).Ask<object>(new DeleteSnapshot(new SnapshotMetadata(Id, 2, DateTime.MinValue)), Patience));
        Assert.IsType<DeleteSnapshotsFailure>(
            await Store(old).Ask<object>(new DeleteSnapshots(Id, SnapshotSelectionCriteria.Latest), Patience));
        Assert.IsType<DeleteMessagesFailure>(
            await old.Journal.Ask<object>(replyTo => new DeleteMessagesTo(Id, 1, replyTo), Patience, CancellationToken.None));

        Assert.Equal(
            ["1 old", "2 new"],
            await database.ReadAsync<string[]>(
                "SELECT array_agg(sequence_number || ' ' || convert_from(snapshot, 'UTF8') ORDER BY sequence_number) FROM snapshot"));
        Assert.Equal(1L, await database.ReadAsync<long>("SELECT count(*) FROM journal WHERE NOT deleted"));
    }

    private static IActorRef Store(FencedNode node) => Persistence.Instance.Apply(node.System).SnapshotStoreFor(null);

    private static Task<object> SaveAsync(FencedNode node, long number, string text) => Store(node).Ask<object>(
        new SaveSnapshot(new SnapshotMetadata(Id, number, DateTime.UnixEpoch), new Notebook(text)), Patience);
}
