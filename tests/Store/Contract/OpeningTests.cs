using AkkaScale.Cluster;
using AkkaScale.Cluster.Ownership;

namespace AkkaScale.Tests.Store.Contract;

public abstract class OpeningTests(IStoreFixture fixture) : StoreTest(fixture)
{
    [Fact]
    public async Task The_first_start_makes_a_row_for_each_shard_without_owner_at_epoch_0()
    {
        var store = await OpenAsync();
        var reading = await store.Cluster.ReadAsync(CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, ShardCount).Select(shard => new ShardOwner(shard, null, 0, "")), reading.Owners.AsEnumerable());
        Assert.Equal(new CoordinatorTerm(null, 0), reading.Coordinator);
        Assert.Empty(reading.Members);
        Assert.Empty(reading.Targets);
        Assert.Equal((ClusterName, ShardCount, 1, 0L),
            (reading.Identity.ClusterName, reading.Identity.ShardCount, reading.Identity.SchemaVersion, reading.Identity.Generation));
        Assert.NotEqual("", reading.Identity.DatabaseIdentity);
    }

    [Fact]
    public async Task A_later_start_finds_what_the_first_one_recorded()
    {
        var first = await JoinAsync();
        await OwnAsync(first, 0);
        var identity = await CreateStore().Cluster.OpenAsync(ClusterName, ShardCount, CancellationToken.None);
        var reading = await first.Cluster.ReadAsync(CancellationToken.None);
        Assert.Equal(reading.Identity, identity);
        Assert.Equal(new ShardOwner(0, first.Self, 1, "first"), reading.Owners[0]);
    }

    [Fact]
    public async Task Another_cluster_name_is_refused_and_both_names_are_told()
    {
        await OpenAsync();
        var refused = await Assert.ThrowsAsync<ClusterRefusedException>(
            () => CreateStore().Cluster.OpenAsync("other", ShardCount, CancellationToken.None));
        Assert.Contains("'test'", refused.Message);
        Assert.Contains("'other'", refused.Message);
    }

    [Fact]
    public async Task Another_shard_count_is_refused_with_a_word_on_export_and_import()
    {
        await OpenAsync();
        var refused = await Assert.ThrowsAsync<ClusterRefusedException>(
            () => CreateStore().Cluster.OpenAsync(ClusterName, 32, CancellationToken.None));
        Assert.Contains("16 shards", refused.Message);
        Assert.Contains("32", refused.Message);
        Assert.Contains("import", refused.Message);
    }

    [Theory]
    [InlineData("", 16)]
    [InlineData("test", 0)]
    [InlineData("test", -1)]
    [InlineData("test", 65_537)]
    public async Task A_senseless_request_is_refused(string name, int shards) =>
        await Assert.ThrowsAsync<ClusterRefusedException>(() => CreateStore().Cluster.OpenAsync(name, shards, CancellationToken.None));

    [Fact]
    public async Task Many_first_starts_at_once_make_one_cluster()
    {
        var stores = Enumerable.Range(0, 8).Select(_ => CreateStore()).ToList();
        var identities = await Task.WhenAll(
            stores.Select(store => Task.Run(() => store.Cluster.OpenAsync(ClusterName, ShardCount, CancellationToken.None))));
        Assert.Single(identities.Distinct());
        Assert.Equal(ShardCount, (await stores[0].Cluster.ReadAsync(CancellationToken.None)).Owners.Length);
    }

    [Fact]
    public async Task Of_two_first_starts_with_different_shard_counts_one_is_refused()
    {
        var starts = new[] { 16, 32 }.Select(shards => Task.Run(async () =>
        {
            try
            {
                await CreateStore().Cluster.OpenAsync(ClusterName, shards, CancellationToken.None);
                return true;
            }
            catch (ClusterRefusedException)
            {
                return false;
            }
        }));
        Assert.Equal([false, true], (await Task.WhenAll(starts)).Order());
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        await OpenAsync();
        await Place.ExecuteAsync(NewerSchemaSql);
        var refused = await Assert.ThrowsAsync<ClusterRefusedException>(
            () => CreateStore().Cluster.OpenAsync(ClusterName, ShardCount, CancellationToken.None));
        Assert.Contains("999", refused.Message);
    }

    private string NewerSchemaSql => Place is Sqlite.SqlitePlace
        ? "PRAGMA user_version = 999"
        : "INSERT INTO schema_migration (version, name) VALUES (999, 'from the future')";
}
