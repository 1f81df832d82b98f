using AkkaScale.Entities;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Tests.Store.Contract;

/// <summary>What the contract tests share: a fresh place for each test, members that have joined, slices that fit.</summary>
public abstract class StoreTest(IStoreFixture fixture) : IAsyncLifetime
{
    protected const string ClusterName = "test";
    protected const int ShardCount = 16;
    protected static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    protected static readonly RecoveryWindow All = new(256, DateTimeOffset.UnixEpoch);

    private readonly List<IAsyncDisposable> _opened = [];

    protected IStorePlace Place { get; private set; } = null!;

    public async Task InitializeAsync() => Place = await fixture.CreatePlaceAsync();

    public async Task DisposeAsync()
    {
        _opened.Reverse();
        foreach (var opened in _opened)
        {
            await opened.DisposeAsync();
        }

        await Place.DisposeAsync();
    }

    protected static Incarnation NewIncarnation() => new(Guid.NewGuid());

    protected T Track<T>(T opened)
        where T : IAsyncDisposable
    {
        _opened.Add(opened);
        return opened;
    }

    protected OpenStore CreateStore(TimeSpan? leaseTtl = null) => Track(Place.Create(NewIncarnation(), leaseTtl));

    protected async Task<OpenStore> OpenAsync(TimeSpan? leaseTtl = null)
    {
        var store = CreateStore(leaseTtl);
        await store.Cluster.OpenAsync(ClusterName, ShardCount, CancellationToken.None);
        return store;
    }

    /// <summary>A store whose incarnation has joined and is up.</summary>
    protected async Task<OpenStore> JoinAsync(TimeSpan? leaseTtl = null)
    {
        var store = await OpenAsync(leaseTtl);
        Assert.Equal(WriteOutcome.Applied, await store.Cluster.JoinAsync(Member(store.Self), CancellationToken.None));
        await SetStatusAsync(store, store.Self, MemberStatus.Up);
        return store;
    }

    protected IJournalWriter OpenWriter(OpenStore store, int lane = 0) => Track(store.Journal.OpenWriter(store.Self, lane));

    protected static MemberSnapshot Member(Incarnation incarnation) => new(
        incarnation, "node-1", "127.0.0.1:4053", "127.0.0.1:8558", ["entity", "gateway"], "0.1.0", MemberStatus.Joining, 0, Noon, "started");

    protected static async Task SetStatusAsync(OpenStore store, Incarnation member, MemberStatus status) =>
        Assert.Equal(
            WriteOutcome.Applied,
            await store.Cluster.ChangeStatusAsync(
                new StatusChange(member, Enum.GetValues<MemberStatus>(), status, null, "test"), CancellationToken.None));

    protected static async Task<IReadOnlyList<ShardEpoch>> AcquireAsync(OpenStore store, params ShardClaim[] claims) =>
        await store.Cluster.AcquireAsync(store.Self, claims, "first", CancellationToken.None);

    /// <summary>Acquires shards that nobody ever owned; they are at epoch 1 then.</summary>
    protected static async Task OwnAsync(OpenStore store, params int[] shards) =>
        Assert.Equal(
            shards.Order().Select(shard => new ShardEpoch(shard, 1)),
            (await AcquireAsync(store, [.. shards.Select(shard => new ShardClaim(shard, null, 0))])).OrderBy(granted => granted.Shard));

    protected static JournalEvent Event(
        int shard, long epoch, long position, string id, long sequenceNr, Guid? commandId = null, byte[]? answer = null,
        DateTimeOffset? at = null, PayloadHash hash = default, string type = "happened") => new(
        shard, position, epoch, new EntityKey("thing", id), sequenceNr, type, "{\"text\":\"ü\"}"u8.ToArray(),
        commandId ?? Guid.NewGuid(), hash, answer ?? [1, 2, 3], at ?? Noon.AddSeconds(position));

    protected static ShardSlice Slice(int shard, long epoch, params JournalEvent[] events) => new(shard, epoch, events, [], []);

    protected static StoredResult Result(string id, long sequenceNr, Guid? commandId = null, DateTimeOffset? at = null) => new(
        new EntityKey("thing", id), commandId ?? Guid.NewGuid(), new PayloadHash(1, 2, 3, ulong.MaxValue), sequenceNr, new byte[] { 9 }, at ?? Noon);

    protected static EntitySnapshot Snapshot(string id, long sequenceNr, long position, int stateVersion = 1, string payload = "{}") => new(
        new EntityKey("thing", id), sequenceNr, position, stateVersion, System.Text.Encoding.UTF8.GetBytes(payload), Noon);

    protected static async Task<SliceOutcome> AppendAsync(IJournalWriter writer, ShardSlice slice) => (await writer.AppendAsync([slice]))[0];

    protected static async Task WriteAsync(IJournalWriter writer, ShardSlice slice) =>
        Assert.Equal(new SliceOutcome(SliceStatus.Written, ""), await AppendAsync(writer, slice));

    protected static Task<IReadOnlyList<JournalEvent>> ReadShardAsync(OpenStore store, int shard) =>
        store.Journal.ReadShardAsync(shard, 0, int.MaxValue, CancellationToken.None);

    protected static async Task<(List<EntitySnapshot> Snapshots, List<JournalEvent> Events, RememberedResults Results)> RecoverAsync(
        OpenStore store, string id, int stateVersion = 1, RecoveryWindow? window = null)
    {
        var fold = new CollectingFold();
        var results = await store.Journal.RecoverAsync(new EntityKey("thing", id), stateVersion, window ?? All, fold, CancellationToken.None);
        return (fold.Snapshots, fold.Events, results);
    }

    private sealed class CollectingFold : IRecoveryFold
    {
        public List<EntitySnapshot> Snapshots { get; } = [];

        public List<JournalEvent> Events { get; } = [];

        public void Snapshot(EntitySnapshot snapshot) => Snapshots.Add(snapshot);

        public void Event(JournalEvent journalEvent) => Events.Add(journalEvent);
    }
}
