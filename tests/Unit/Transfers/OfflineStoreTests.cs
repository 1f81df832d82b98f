using AkkaScale.Cluster;
using AkkaScale.Cluster.Membership;
using AkkaScale.Cluster.Ownership;
using AkkaScale.Hosting;
using AkkaScale.Hosting.Options;
using AkkaScale.Hosting.Transfers;
using AkkaScale.Journal.Care;
using AkkaScale.Journal.Sqlite;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Tests.Unit.Pbm;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaScale.Tests.Unit.Transfers;

/// <summary>Import and check on the embedded store, without processes.</summary>
public sealed class OfflineStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly AkkaScaleOptions _options = new();

    public OfflineStoreTests() => _options.Store.Path = Path.Combine(_folder.Path, "store");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_import_carries_every_sort_of_row_and_leaves_no_owner_behind()
    {
        var imported = await ImportAsync(Export.Rows, shards: 3);

        Assert.Equal((3, 3L, 2L, 1L), (imported.ShardCount, imported.Events, imported.Entities, imported.Results));
        await using var store = Open(out _);
        await store.Cluster.OpenAsync("test", 3, CancellationToken.None);
        var reading = await store.Cluster.ReadAsync(CancellationToken.None);
        Assert.All(reading.Owners, owner => Assert.Null(owner.Owner));
        Assert.DoesNotContain(reading.Members, member => member.IsLive);

        var rows = new List<StoreRow>();
        await foreach (var row in store.Care.DumpAsync(CancellationToken.None))
        {
            rows.Add(row);
        }

        Assert.Equal(
            Export.Rows.Select(row => row.GetType().Name).Order(StringComparer.Ordinal), rows.Select(row => row.GetType().Name).Order(StringComparer.Ordinal));
        Assert.Equal(2, await store.Journal.ReadVersionAsync(new EntityKey("task", "t-1"), CancellationToken.None));
        Assert.Equal(2, (await store.Journal.FindResultsAsync([new Guid(2, 0, 0, new byte[8]), new Guid(9, 0, 0, new byte[8])], CancellationToken.None)).Count);
        Assert.Single(await store.Cluster.ReadEventTypesAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_second_import_and_one_with_a_gap_are_refused()
    {
        await Assert.ThrowsAsync<ExportException>(() => ImportAsync([Export.Rows[0], new StoreRow.Event(Export.Event("t-1", 3, "{}"))], shards: 3));
        Assert.False(Directory.Exists(_options.Store.Path), "something was written before the file was looked through");

        await ImportAsync(Export.Rows, shards: 3);
        await Assert.ThrowsAsync<ClusterRefusedException>(() => ImportAsync(Export.Rows, shards: 3));
    }

    [Fact]
    public async Task A_sound_store_gets_a_new_generation_above_every_old_epoch()
    {
        await ImportAsync(Export.Rows, shards: 3);

        var first = await CheckAsync();
        var second = await CheckAsync();

        Assert.Equal((true, 1L, 3L, 2L), (first.Raised, first.Generation, first.Events, first.Entities));
        Assert.Equal(2, second.Generation);
        Assert.Equal(3, first.Heads.Sum());
        Assert.Equal(Export.At, first.LastEventAt);
        await using var store = Open(out _);
        await store.Cluster.OpenAsync("test", 3, CancellationToken.None);
        Assert.All((await store.Cluster.ReadAsync(CancellationToken.None)).Owners, owner =>
            Assert.Equal((null, 2L << 32, ShardOwner.ByGeneration), (owner.Owner, owner.Epoch, owner.AcquiredBy)));
    }

    [Theory]
    [InlineData("DELETE FROM journal WHERE entity_id = 't-1' AND sequence_nr = 1", "I2")]
    [InlineData("UPDATE journal SET answer = NULL", "I1")]
    [InlineData("DELETE FROM shard_ownership", "I3")]
    public async Task A_damaged_store_is_left_as_it_is(string damage, string invariant)
    {
        await ImportAsync(Export.Rows, shards: 3);
        using (var connection = SqliteFiles.Open(Path.Combine(_options.Store.Path, "journal.db"), isReader: false))
        {
            SqliteFiles.Execute(connection, damage);
        }

        var check = await CheckAsync();

        Assert.False(check.Raised);
        Assert.Equal(0, check.Generation);
        Assert.Contains(check.Violations, found => found.Invariant == invariant);
        await using var store = Open(out _);
        Assert.Equal(0, (await store.Care.PeekAsync(CancellationToken.None))!.Generation);
    }

    [Fact]
    public async Task A_store_on_which_a_lease_is_renewed_is_in_use()
    {
        _options.Cluster.LeaseTtl = TimeSpan.FromSeconds(0.5);
        await ImportAsync(Export.Rows, shards: 3);
        await using var node = Open(out var self);
        await node.Cluster.OpenAsync("test", 3, CancellationToken.None);
        await node.Cluster.JoinAsync(
            new MemberSnapshot(self, "node-1", "a:1", "a:2", ["entity"], "1", MemberStatus.Joining, 0, Export.At, "") { Reads = ReadableVersions.Parse("{}") } with { Roles = ["gateway"] },
            CancellationToken.None);
        using var lease = node.Cluster.OpenLease(self);
        using var stop = new CancellationTokenSource();
        var renewing = Task.Run(() =>
        {
            for (var counter = 0L; !stop.IsCancellationRequested;)
            {
                lease.Renew(counter, TimeSpan.FromSeconds(1), out counter);
            }
        });

        var refused = await Assert.ThrowsAsync<ClusterRefusedException>(CheckAsync);

        await stop.CancelAsync();
        await renewing;
        Assert.Contains("node-1 runs on this store", refused.Message, StringComparison.Ordinal);
    }

    private async Task<ImportAnswer> ImportAsync(IEnumerable<StoreRow> rows, int shards)
    {
        var path = Path.Combine(_folder.Path, "export");
        await File.WriteAllBytesAsync(path, await Export.WriteAsync(rows));
        await using var store = Open(out var self);
        return await new JournalImport(store, _options, self, TimeProvider.System, (_, _) => { }).RunAsync(path, "", shards, CancellationToken.None);
    }

    private async Task<RestoreAnswer> CheckAsync()
    {
        await using var store = Open(out _);
        return await new RestoreCheck(store, _options, TimeProvider.System, (_, _) => { }).RunAsync(CancellationToken.None);
    }

    private NodeStore Open(out Incarnation self) =>
        new NodeStores(_options, TimeProvider.System, NullLoggerFactory.Instance).Create(self = new Incarnation(Guid.NewGuid()));
}
