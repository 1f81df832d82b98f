using AkkaScale.Cluster;
using AkkaScale.Cluster.Membership;
using AkkaScale.Cluster.Ownership;

namespace AkkaScale.Tests.Store.Contract;

/// <summary>Who may join with what is written, and who may write with whom is in.</summary>
public abstract class VersionTests(IStoreFixture fixture) : StoreTest(fixture)
{
    private static readonly ReadableVersions First = Reads("happened");
    private static readonly ReadableVersions Second = Reads("happened", "happened@2");

    [Fact]
    public async Task What_a_member_reads_and_whom_it_cannot_reach_is_read_back()
    {
        var store = await OpenAsync();
        Assert.Equal(WriteOutcome.Applied, await JoinAsync(store, First));
        Assert.Equal(First, (await MemberAsync(store)).Reads);
        Assert.True((await MemberAsync(store)).Unreachable.IsEmpty);

        Incarnation[] peers = [NewIncarnation(), NewIncarnation()];
        Assert.Equal(WriteOutcome.Applied, await store.Cluster.PublishUnreachableAsync(store.Self, peers, CancellationToken.None));
        Assert.Equal(peers, (await MemberAsync(store)).Unreachable.ToArray());
        Assert.Equal(WriteOutcome.Applied, await store.Cluster.PublishUnreachableAsync(store.Self, [], CancellationToken.None));
        Assert.True((await MemberAsync(store)).Unreachable.IsEmpty);

        await SetStatusAsync(store, store.Self, MemberStatus.Down);
        Assert.Equal(WriteOutcome.Refused, await store.Cluster.PublishUnreachableAsync(store.Self, peers, CancellationToken.None));
    }

    [Fact]
    public async Task A_type_is_registered_once_with_its_time_and_node()
    {
        var store = await OpenAsync();
        await JoinAsync(store, First);
        Assert.Empty(await store.Cluster.ReadEventTypesAsync(CancellationToken.None));
        Assert.Equal(WriteOutcome.Applied, await RegisterAsync(store, "happened"));
        Assert.Equal(WriteOutcome.Refused, await RegisterAsync(store, "happened"));
        var type = Assert.Single(await store.Cluster.ReadEventTypesAsync(CancellationToken.None));
        Assert.Equal(("thing", "happened", "node-1"), (type.Kind, type.EventType, type.WrittenBy));
        Assert.InRange(type.Since, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
    }

    [Theory]
    [InlineData(MemberStatus.Joining, false)]
    [InlineData(MemberStatus.Up, false)]
    [InlineData(MemberStatus.Leaving, false)]
    [InlineData(MemberStatus.Down, true)]
    [InlineData(MemberStatus.Dead, true)]
    [InlineData(MemberStatus.Removed, true)]
    public async Task A_type_is_registered_only_if_every_live_member_reads_it(MemberStatus status, bool isRegistered)
    {
        var newer = await OpenAsync();
        await JoinAsync(newer, Second);
        var older = await OpenAsync();
        await JoinAsync(older, First);
        await SetStatusAsync(older, older.Self, status);
        Assert.Equal(isRegistered ? WriteOutcome.Applied : WriteOutcome.Refused, await RegisterAsync(newer, "happened@2"));
        Assert.Equal(WriteOutcome.Applied, await RegisterAsync(newer, "happened"));
    }

    [Fact]
    public async Task A_member_that_does_not_say_what_it_reads_holds_every_type_back()
    {
        var store = await OpenAsync();
        await JoinAsync(store, Second);
        var silent = await OpenAsync();
        await JoinAsync(silent, null);
        Assert.Equal(WriteOutcome.Refused, await RegisterAsync(store, "happened"));
        await SetStatusAsync(silent, silent.Self, MemberStatus.Removed);
        Assert.Equal(WriteOutcome.Applied, await RegisterAsync(store, "happened"));
    }

    [Fact]
    public async Task A_member_without_shards_neither_holds_a_type_back_nor_is_refused()
    {
        var store = await OpenAsync();
        await JoinAsync(store, Second);
        var gateway = await OpenAsync();
        await JoinAsync(gateway, First, role: MemberSnapshot.GatewayRole);
        Assert.Equal(WriteOutcome.Applied, await RegisterAsync(store, "happened@2"));
        Assert.Equal(WriteOutcome.Applied, await JoinAsync(await OpenAsync(), Reads(), role: MemberSnapshot.GatewayRole));
    }

    [Fact]
    public async Task Who_cannot_read_what_was_registered_does_not_join()
    {
        var newer = await OpenAsync();
        await JoinAsync(newer, Second);
        await RegisterAsync(newer, "happened");
        var older = await OpenAsync();
        Assert.Equal(WriteOutcome.Applied, await JoinAsync(older, First));
        await SetStatusAsync(older, older.Self, MemberStatus.Removed);

        // A rolled-back program starts as long as nothing newer was written.
        Assert.Equal(WriteOutcome.Applied, await RegisterAsync(newer, "happened@2"));
        Assert.Equal(WriteOutcome.Refused, await JoinAsync(await OpenAsync(), First));
        Assert.Equal(WriteOutcome.Refused, await JoinAsync(await OpenAsync(), ReadableVersions.Of([("other", 1, ["happened", "happened@2"])])));
        Assert.Equal(WriteOutcome.Applied, await JoinAsync(await OpenAsync(), Reads("happened@3", "happened@2", "happened")));

        var objection = WrittenEventType.Objection(await newer.Cluster.ReadEventTypesAsync(CancellationToken.None), First);
        Assert.Contains("event happened@2 of kind thing", objection, StringComparison.Ordinal);
        Assert.Contains("by node node-1", objection, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_join_and_a_first_write_at_the_same_moment_one_is_refused()
    {
        var newer = await OpenAsync();
        await JoinAsync(newer, Reads([.. Enumerable.Range(0, 40).Select(number => $"type-{number}")]));
        for (var round = 0; round < 40; round++)
        {
            var type = $"type-{round}";
            var older = await OpenAsync();
            var reads = Reads([.. Enumerable.Range(0, round).Select(number => $"type-{number}")]);
            var start = new TaskCompletionSource();
            var join = Task.Run(async () =>
            {
                await start.Task;
                return await JoinAsync(older, reads);
            });
            var register = Task.Run(async () =>
            {
                await start.Task;
                return await RegisterAsync(newer, type);
            });
            start.SetResult();
            var outcomes = (Join: await join, Register: await register);
            Assert.True(
                outcomes is (WriteOutcome.Applied, WriteOutcome.Refused) or (WriteOutcome.Refused, WriteOutcome.Applied),
                $"round {round}: join {outcomes.Join}, registration {outcomes.Register}");
            if (outcomes.Join == WriteOutcome.Applied)
            {
                await SetStatusAsync(older, older.Self, MemberStatus.Removed);
                Assert.Equal(WriteOutcome.Applied, await RegisterAsync(newer, type));
            }
        }
    }

    private static ReadableVersions Reads(params string[] types) => ReadableVersions.Of([("thing", 1, types)]);

    protected static Task<WriteOutcome> JoinAsync(OpenStore store, ReadableVersions? reads, string role = MemberSnapshot.EntityRole) =>
        store.Cluster.JoinAsync(Member(store.Self) with { Reads = reads, Roles = [role] }, CancellationToken.None);

    protected static Task<WriteOutcome> RegisterAsync(OpenStore store, string type) =>
        store.Cluster.RegisterEventTypeAsync("thing", type, "node-1", CancellationToken.None);

    private static async Task<MemberSnapshot> MemberAsync(OpenStore store) =>
        (await store.Cluster.ReadAsync(CancellationToken.None)).Members.Single(member => member.Incarnation == store.Self);
}
