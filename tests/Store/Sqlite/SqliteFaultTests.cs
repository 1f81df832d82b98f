using AkkaScale.LegacyCluster;
using AkkaScale.LegacyJournal.Sqlite;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.Tests.Store.Contract;

namespace AkkaScale.Tests.Store.Sqlite;

/// <summary>What only a file can do to a store.</summary>
[Collection(SqliteCollection.Name)]
public sealed class SqliteFaultTests(SqliteFixture fixture) : StoreTest(fixture)
{
    private SqlitePlace Directory => (SqlitePlace)Place;

    [Fact]
    public async Task A_full_disk_is_unavailable_and_the_store_recovers_when_there_is_room()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var writer = OpenWriter(store);
        await WriteAsync(writer, Slice(0, 1, Event(0, 1, 1, "a", 1)));
        var large = Slice(0, 1, Event(0, 1, 2, "a", 2) with { Payload = new byte[4 << 20] });
        await LimitPagesAsync(store, 100);
        Assert.Equal(SliceStatus.Unavailable, (await AppendAsync(writer, large)).Status);
        Assert.Single(await ReadShardAsync(store, 0));
        await LimitPagesAsync(store, 1_000_000);
        await WriteAsync(writer, large);
        Assert.Equal(2, await store.Journal.ReadHeadAsync(0, CancellationToken.None));
    }

    [Fact]
    public async Task Checkpoints_keep_the_log_short()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var writer = OpenWriter(store);
        for (var batch = 0; batch < 30; batch++)
        {
            await WriteAsync(writer, Slice(0, 1, [.. Enumerable.Range((batch * 500) + 1, 500).Select(i => Event(0, 1, i, $"e{i}", 1) with { Payload = new byte[2_000] })]));
        }

        // Without a checkpoint the log holds 80 MB here, with them 28.
        var log = new FileInfo(Path.Combine(Directory.Directory, "journal.db-wal")).Length;
        Assert.InRange(log, 1, 48 << 20);
        Assert.Equal(15_000, await store.Journal.ReadHeadAsync(0, CancellationToken.None));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_unavailable()
    {
        await File.WriteAllTextAsync(Path.Combine(Directory.Directory, "journal.db"), new string('x', 10_000));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync());
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_refused()
    {
        var file = Path.Combine(Directory.Directory, "file");
        await File.WriteAllTextAsync(file, "");
        var store = Track(SqlitePlace.Create(new() { Directory = Path.Combine(file, "store"), Incarnation = NewIncarnation() }));
        await Assert.ThrowsAsync<ClusterRefusedException>(() => store.Cluster.OpenAsync(ClusterName, ShardCount, CancellationToken.None));
    }

    [Fact]
    public async Task A_directory_of_another_host_is_refused_until_its_mark_is_removed()
    {
        var mark = Path.Combine(Directory.Directory, "host");
        await File.WriteAllTextAsync(mark, new HostIdentity("another-boot", "another-host").ToString());
        var refused = await Assert.ThrowsAsync<ClusterRefusedException>(() => OpenAsync());
        Assert.Contains("another-host", refused.Message);
        Assert.Contains(mark, refused.Message);
        File.Delete(mark);
        await OpenAsync();
        await OpenAsync();
    }

    [Theory]
    [InlineData("boot", "host", true)]
    [InlineData("boot", "container-2", true)]
    [InlineData("next-boot", "host", true)]
    [InlineData("next-boot", "other", false)]
    public void A_host_is_the_same_by_boot_or_by_name(string boot, string name, bool isSame) =>
        Assert.Equal(isSame, new HostIdentity(boot, name).IsSameHost(new HostIdentity("boot", "host")));

    [Theory]
    [InlineData(DriveType.Network, true)]
    [InlineData(DriveType.Fixed, false)]
    [InlineData(DriveType.Ram, false)]
    public void A_network_file_system_is_refused(DriveType type, bool isRefused)
    {
        var refusal = Record.Exception(() => StoreDirectory.CheckFileSystem("/store", type, "nfs"));
        Assert.Equal(isRefused, refusal is ClusterRefusedException);
    }

    [Fact]
    public async Task Writes_after_the_end_of_a_store_are_refused_not_lost()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var writer = OpenWriter(store);
        await store.DisposeAsync();
        Assert.Equal(SliceStatus.Unavailable, (await AppendAsync(writer, Slice(0, 1, Event(0, 1, 1, "a", 1)))).Status);
    }

    private static Task LimitPagesAsync(OpenStore store, int pages) => SqlitePlace.Store(store).OnWriterAsync(true, session =>
    {
        SqliteFiles.Execute(session.Connection, $"PRAGMA max_page_count = {pages}");
        return true;
    });
}
