using AkkaScale.Entities;
using AkkaScale.Hosting;
using AkkaScale.Hosting.Options;
using AkkaScale.Hosting.Transfers;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Sqlite;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Shards;
using AkkaScale.Tests.Unit.Pbm;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaScale.Tests.Unit.Transfers;

/// <summary>The check of an embedded store, without processes.</summary>
public sealed class RestoreCheckTests : IDisposable
{
    private const int ShardCount = 3;

    private static readonly DateTimeOffset At = new(2026, 3, 1, 3, 0, 0, 123, 456, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly AkkaScaleOptions _options = new();

    public RestoreCheckTests()
    {
        _options.Store.Path = Path.Combine(_folder.Path, "store");
        (_options.Cluster.Name, _options.Cluster.ShardCount) = ("test", ShardCount);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sound_store_gets_a_new_generation_above_every_old_epoch()
    {
        await WriteAsync();

        var first = await CheckAsync();
        var second = await CheckAsync();

        Assert.Equal((true, 1L, 3L, 2L), (first.Raised, first.Generation, first.Events, first.Entities));
        Assert.Equal(2, second.Generation);
        Assert.Equal(3, first.Heads.Sum());
        Assert.Equal(At, first.LastEventAt);
        await using var store = Open(out _);
        await store.Cluster.OpenAsync("test", ShardCount, CancellationToken.None);
        Assert.All((await store.Cluster.ReadAsync(CancellationToken.None)).Owners, owner =>
            Assert.Equal((null, 2L << 32, ShardOwner.ByGeneration), (owner.Owner, owner.Epoch, owner.AcquiredBy)));
    }

    [Theory]
    [InlineData("DELETE FROM journal WHERE entity_id = 't-1' AND sequence_nr = 1", "I2")]
    [InlineData("UPDATE journal SET answer = NULL", "I1")]
    [InlineData("DELETE FROM shard_ownership", "I3")]
    public async Task A_damaged_store_is_left_as_it_is(string damage, string invariant)
    {
        await WriteAsync();
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
        await WriteAsync();
        await using var node = Open(out var self);
        await node.Cluster.OpenAsync("test", ShardCount, CancellationToken.None);
        await node.Cluster.JoinAsync(
            new MemberSnapshot(self, "node-1", "a:1", "a:2", ["entity"], "1", MemberStatus.Joining, 0, At, ""), CancellationToken.None);
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

    /// <summary>Three events of two tasks, by a member that has left in order.</summary>
    private async Task WriteAsync()
    {
        await using var store = Open(out var self);
        await store.Cluster.OpenAsync(_options.Cluster.Name, _options.Cluster.ShardCount, CancellationToken.None);
        await store.Cluster.JoinAsync(
            new MemberSnapshot(self, "node-1", "a:1", "a:2", ["entity"], "1", MemberStatus.Joining, 0, At, ""), CancellationToken.None);
        await store.Cluster.ChangeStatusAsync(new StatusChange(self, [MemberStatus.Joining], MemberStatus.Up, null, "up"), CancellationToken.None);
        var granted = await store.Cluster.AcquireAsync(
            self, [.. Enumerable.Range(0, ShardCount).Select(shard => new ShardClaim(shard, null, 0))], "test", CancellationToken.None);
        Assert.Equal(ShardCount, granted.Count);
        var slices = new[] { Event("t-1", 1), Event("t-1", 2), Event("t-2", 1) }
            .GroupBy(happened => ShardHash.ShardOf(happened.Entity.Id, ShardCount))
            .Select(shard => new ShardSlice(
                shard.Key, 1, [.. shard.Select((happened, index) => happened with { Shard = shard.Key, Position = index + 1 })], [], []))
            .ToArray();
        await using (var writer = store.Journal.OpenWriter(self, 0))
        {
            Assert.All(await writer.AppendAsync(slices), outcome => Assert.Equal(SliceStatus.Written, outcome.Status));
        }

        await store.Cluster.ReleaseAsync(self, [.. granted.Select(shard => new ShardEpoch(shard.Shard, shard.Epoch))], CancellationToken.None);
        await store.Cluster.ChangeStatusAsync(new StatusChange(self, [MemberStatus.Up], MemberStatus.Removed, null, "left"), CancellationToken.None);
    }

    private static JournalEvent Event(string id, long sequenceNr) => new(
        0, 0, 1, new EntityKey("task", id), sequenceNr, "created@2", "{}"u8.ToArray(), Guid.NewGuid(), default, "answer"u8.ToArray(), At);

    private async Task<RestoreAnswer> CheckAsync()
    {
        await using var store = Open(out _);
        return await new RestoreCheck(store, _options, TimeProvider.System, (_, _) => { }).RunAsync(CancellationToken.None);
    }

    private NodeStore Open(out Incarnation self) =>
        new NodeStores(_options, TimeProvider.System, NullLoggerFactory.Instance).Create(self = new Incarnation(Guid.NewGuid()));
}
