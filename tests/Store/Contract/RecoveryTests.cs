using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Tests.Store.Contract;

public abstract class RecoveryTests(IStoreFixture fixture) : StoreTest(fixture)
{
    [Fact]
    public async Task An_entity_without_past_recovers_to_nothing()
    {
        var store = await JoinAsync();
        var (snapshots, events, results) = await RecoverAsync(store, "a");
        Assert.Empty(snapshots);
        Assert.Empty(events);
        Assert.Empty(results.Results);
        Assert.False(results.Truncated);
    }

    [Fact]
    public async Task Recovery_brings_the_snapshot_and_the_later_events_of_this_entity_alone()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        await WriteAsync(OpenWriter(store), new ShardSlice(0, 1,
            [Event(0, 1, 1, "a", 1), Event(0, 1, 2, "b", 1), Event(0, 1, 3, "a", 2), Event(0, 1, 4, "a", 3)], [], [Snapshot("a", 2, 3)]));
        var (snapshots, events, _) = await RecoverAsync(store, "a");
        Assert.Equal((2L, 3L, 1), (snapshots[0].SequenceNr, snapshots[0].Position, snapshots[0].StateVersion));
        Assert.Equal(3, Assert.Single(events).SequenceNr);
    }

    [Fact]
    public async Task A_snapshot_of_another_state_version_is_ignored()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        await WriteAsync(OpenWriter(store), new ShardSlice(0, 1, [Event(0, 1, 1, "a", 1), Event(0, 1, 2, "a", 2)], [], [Snapshot("a", 1, 1)]));
        var (snapshots, events, _) = await RecoverAsync(store, "a", stateVersion: 2);
        Assert.Empty(snapshots);
        Assert.Equal([1L, 2L], events.Select(happened => happened.SequenceNr));
    }

    [Fact]
    public async Task Answers_come_back_oldest_first_from_events_and_results_alike()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var ids = Enumerable.Range(0, 4).Select(_ => Guid.NewGuid()).ToArray();
        var hash = new PayloadHash(5, 6, 7, 8);
        await WriteAsync(OpenWriter(store), new ShardSlice(0, 1,
            [
                Event(0, 1, 1, "a", 1, ids[0], [], Noon),
                Event(0, 1, 2, "a", 2, ids[0], [7], Noon, hash),
                Event(0, 1, 3, "a", 3, ids[2], [8], Noon.AddMinutes(2)),
                Event(0, 1, 4, "b", 1, Guid.NewGuid(), [8], Noon.AddMinutes(2)),
            ],
            [Result("a", 2, ids[1], Noon.AddMinutes(1)), Result("a", 3, ids[3], Noon.AddMinutes(3)), Result("b", 1)],
            []));
        var (_, _, results) = await RecoverAsync(store, "a");
        Assert.False(results.Truncated);
        Assert.Equal(ids, results.Results.Select(result => result.CommandId));
        Assert.Equal([2L, 2L, 3L, 3L], results.Results.Select(result => result.SequenceNr));
        Assert.Equal(hash, results.Results[0].Hash);
        Assert.Equal([7], results.Results[0].Answer.ToArray());
        Assert.Equal(Noon.AddMinutes(1), results.Results[1].At);
        Assert.Equal(new PayloadHash(1, 2, 3, ulong.MaxValue), results.Results[1].Hash);
    }

    [Fact]
    public async Task Answers_of_events_that_a_snapshot_covers_come_back_too()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var id = Guid.NewGuid();
        await WriteAsync(OpenWriter(store), new ShardSlice(0, 1, [Event(0, 1, 1, "a", 1, id)], [], [Snapshot("a", 1, 1)]));
        Assert.Equal(id, Assert.Single((await RecoverAsync(store, "a")).Results.Results).CommandId);
    }

    [Fact]
    public async Task The_window_bounds_answers_by_number_and_says_when_there_are_more()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var ids = Enumerable.Range(0, 5).Select(_ => Guid.NewGuid()).ToArray();
        await WriteAsync(OpenWriter(store), Slice(0, 1, [.. ids.Select((id, i) => Event(0, 1, i + 1, "a", i + 1, id))]));
        var (_, events, results) = await RecoverAsync(store, "a", window: new RecoveryWindow(3, DateTimeOffset.UnixEpoch));
        Assert.Equal(5, events.Count);
        Assert.True(results.Truncated);
        Assert.Equal(ids[2..], results.Results.Select(result => result.CommandId));
        Assert.False((await RecoverAsync(store, "a", window: new RecoveryWindow(5, DateTimeOffset.UnixEpoch))).Results.Truncated);
    }

    [Fact]
    public async Task Refusals_are_bounded_by_number_too()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var results = Enumerable.Range(0, 4).Select(i => Result("a", 0, at: Noon.AddSeconds(i))).ToArray();
        await WriteAsync(OpenWriter(store), new ShardSlice(0, 1, [], results, []));
        var remembered = (await RecoverAsync(store, "a", window: new RecoveryWindow(2, DateTimeOffset.UnixEpoch))).Results;
        Assert.True(remembered.Truncated);
        Assert.Equal(results[2..].Select(result => result.CommandId), remembered.Results.Select(result => result.CommandId));
    }

    [Fact]
    public async Task The_window_bounds_answers_by_age_without_calling_that_truncated()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        await WriteAsync(OpenWriter(store), new ShardSlice(0, 1,
            [Event(0, 1, 1, "a", 1, at: Noon), Event(0, 1, 2, "a", 2, at: Noon.AddHours(2))],
            [Result("a", 1, at: Noon.AddMinutes(1)), Result("a", 2, at: Noon.AddHours(3))], []));
        var remembered = (await RecoverAsync(store, "a", window: new RecoveryWindow(10, Noon.AddHours(1)))).Results;
        Assert.Equal([Noon.AddHours(2), Noon.AddHours(3)], remembered.Results.Select(result => result.At));
        Assert.False(remembered.Truncated);
    }

    [Fact]
    public async Task Stored_answers_are_found_by_command_id_whatever_entity_they_are_of()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var (done, refused, unknown, unfinished) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await WriteAsync(OpenWriter(store), new ShardSlice(0, 1,
            [Event(0, 1, 1, "a", 1, done, []), Event(0, 1, 2, "a", 2, done, [4]), Event(0, 1, 3, "c", 1, unfinished, [])], [Result("b", 0, refused)], []));
        var found = await store.Journal.FindResultsAsync([done, refused, unknown, unfinished, done], CancellationToken.None);
        Assert.Equal(
            new[] { (done, "a", 2L), (refused, "b", 0L) }.ToHashSet(),
            found.Select(result => (result.CommandId, result.Entity.Id, result.SequenceNr)).ToHashSet());
        Assert.Equal(2, found.Count);
        Assert.Empty(await store.Journal.FindResultsAsync([], CancellationToken.None));
    }

    [Fact]
    public async Task Old_answers_of_refusals_are_removed()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var (old, young) = (Result("a", 0, at: Noon), Result("a", 0, at: Noon.AddHours(1)));
        await WriteAsync(OpenWriter(store), new ShardSlice(0, 1, [], [old, young], []));
        Assert.Equal(1, await store.Journal.PruneResultsAsync(Noon.AddMinutes(1), CancellationToken.None));
        Assert.Equal(young.CommandId, Assert.Single((await RecoverAsync(store, "a")).Results.Results).CommandId);
    }

    [Fact]
    public async Task An_entitys_events_are_read_in_pages_and_by_type()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        await WriteAsync(OpenWriter(store), Slice(0, 1,
            [.. Enumerable.Range(1, 6).Select(i => Event(0, 1, i, "a", i, type: i % 2 == 0 ? "even@2" : "odd"))]));
        var key = new EntityKey("thing", "a");
        Assert.Equal([3L, 4L], await NumbersAsync(2, 2, null));
        Assert.Equal([2L, 4L, 6L], await NumbersAsync(0, 10, ["even@2"]));
        Assert.Equal([5L, 6L], await NumbersAsync(4, 10, ["even@2", "odd"]));
        Assert.Empty(await NumbersAsync(0, 10, ["even"]));
        Assert.Empty(await NumbersAsync(6, 10, null));

        async Task<IEnumerable<long>> NumbersAsync(long after, int limit, string[]? types) =>
            (await store.Journal.ReadEntityAsync(key, after, limit, types, CancellationToken.None)).Select(happened => happened.SequenceNr);
    }

    [Fact]
    public async Task A_shards_events_are_read_in_pages()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0, 1);
        var writer = OpenWriter(store);
        await WriteAsync(writer, Slice(0, 1, [.. Enumerable.Range(1, 5).Select(i => Event(0, 1, i, $"e{i}", 1))]));
        await WriteAsync(writer, Slice(1, 1, Event(1, 1, 1, "other", 1)));
        Assert.Equal([3L, 4L], (await store.Journal.ReadShardAsync(0, 2, 2, CancellationToken.None)).Select(happened => happened.Position));
        Assert.Equal(5, await store.Journal.ReadHeadAsync(0, CancellationToken.None));
    }
}
