using AkkaScale.Entities;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Schema;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;

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
        Assert.Equal((ClusterName, ShardCount, Migrations.Count, 0L),
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
    public async Task Another_shard_count_is_refused_with_a_word_on_what_to_set()
    {
        await OpenAsync();
        var refused = await Assert.ThrowsAsync<ClusterRefusedException>(
            () => CreateStore().Cluster.OpenAsync(ClusterName, 32, CancellationToken.None));
        Assert.Contains("16 shards", refused.Message);
        Assert.Contains("32", refused.Message);
        Assert.Contains("set Cluster:ShardCount to 16", refused.Message);
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

    [Fact]
    public async Task A_store_of_the_first_release_is_migrated_and_read_and_written()
    {
        await Place.ExecuteAsync(Migrations[0].Sql);
        await Place.ExecuteAsync(FirstReleaseSql);
        var store = await JoinAsync();
        var (snapshots, events, _) = await RecoverAsync(store, "old");
        Assert.Equal(1, Assert.Single(snapshots).SequenceNr);
        Assert.Equal(2, Assert.Single(events).SequenceNr);
        Assert.Equal(2, (await ReadShardAsync(store, 0)).Count);

        Assert.Equal(
            [new ShardEpoch(0, 8)], await AcquireAsync(store, new ShardClaim(0, null, 7)));
        await WriteAsync(OpenWriter(store), Slice(0, 8, Event(0, 8, 3, "old", 3)));
        Assert.Equal(3, (await ReadShardAsync(store, 0)).Count);
    }

    private IReadOnlyList<Migration> Migrations => Migration.Of(Place is Sqlite.SqlitePlace ? "SqliteJournal" : "Postgres");

    private string FirstReleaseSql
    {
        get
        {
            var (id, hash, at) = Place is Sqlite.SqlitePlace
                ? ("x'00112233445566778899AABBCCDDEEFF'", "x'0102'", "1000000")
                : ("'00112233-4455-6677-8899-aabbccddeeff'", "'\\x0102'", "'2026-01-01'");
            var recorded = Place is Sqlite.SqlitePlace
                ? "INSERT INTO cluster VALUES (1, 'test', 16, 'here', 0); PRAGMA user_version = 1;"
                : """
                  INSERT INTO cluster (cluster_name, shard_count, database_identity, generation)
                  SELECT 'test', 16, system_identifier::text || '/' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8), 0 FROM pg_control_system();
                  CREATE TABLE schema_migration (version integer PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT now());
                  INSERT INTO schema_migration (version, name) VALUES (1, 'initial');
                  """;
            var owners = string.Join(", ", Enumerable.Range(0, ShardCount).Select(shard => $"({shard}, NULL, 7, '')"));
            return $"""
                {recorded}
                INSERT INTO shard_owner VALUES {owners};
                INSERT INTO journal VALUES (0, 1, 7, 'thing', 'old', 1, 'happened', {id}, {at}, NULL, {hash}, {hash});
                INSERT INTO journal VALUES (0, 2, 7, 'thing', 'old', 2, 'happened', {id}, {at}, NULL, {hash}, {hash});
                INSERT INTO snapshot VALUES ('thing', 'old', 0, 1, 1, 1, {hash}, {at});
                """;
        }
    }

    private string NewerSchemaSql => Place is Sqlite.SqlitePlace
        ? "PRAGMA user_version = 999"
        : "INSERT INTO schema_migration (version, name) VALUES (999, 'from the future')";
}
