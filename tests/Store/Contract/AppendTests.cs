using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Tests.Store.Contract;

public abstract class AppendTests(IStoreFixture fixture) : StoreTest(fixture)
{
    [Fact]
    public async Task An_event_is_read_back_as_it_was_written()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 3);
        var hash = PayloadHash.FromBytes(Enumerable.Range(200, 32).Select(i => (byte)i).ToArray());
        var written = Event(3, 1, 1, "ä/'; DROP TABLE journal;--", 1, answer: [0, 255], hash: hash, at: Noon.AddTicks(12_345_670), type: "named@2");
        await WriteAsync(OpenWriter(store), Slice(3, 1, written));

        var read = Assert.Single(await ReadShardAsync(store, 3));
        Assert.Equal(written with { Payload = read.Payload, Answer = read.Answer }, read);
        Assert.Equal(written.Payload.ToArray(), read.Payload.ToArray());
        Assert.Equal(written.Answer.ToArray(), read.Answer.ToArray());
        Assert.Equal(1, await store.Journal.ReadHeadAsync(3, CancellationToken.None));
        Assert.Equal(0, await store.Journal.ReadHeadAsync(4, CancellationToken.None));
    }

    [Fact]
    public async Task An_event_without_hash_and_answer_is_read_back_without_them()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        await WriteAsync(OpenWriter(store), Slice(0, 1, Event(0, 1, 1, "a", 1, answer: [])));

        var read = Assert.Single(await ReadShardAsync(store, 0));
        Assert.True(read.CommandHash.IsEmpty);
        Assert.True(read.Answer.IsEmpty);
    }

    [Fact]
    public async Task A_batch_writes_many_shards_and_entities_and_positions_have_no_gap()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 5, 1, 9);
        var writer = OpenWriter(store);
        for (var round = 0; round < 5; round++)
        {
            int[] shards = [9, 1, 5];
            var slices = shards.Select(shard => Slice(shard, 1,
            [
                Event(shard, 1, (round * 3) + 1, $"x{shard}", (round * 2) + 1),
                Event(shard, 1, (round * 3) + 2, $"y{shard}", round + 1),
                Event(shard, 1, (round * 3) + 3, $"x{shard}", (round * 2) + 2),
            ])).ToArray();
            Assert.All(await writer.AppendAsync(slices), outcome => Assert.Equal(SliceStatus.Written, outcome.Status));
        }

        foreach (var shard in new[] { 1, 5, 9 })
        {
            var events = await ReadShardAsync(store, shard);
            Assert.Equal(Enumerable.Range(1, 15).Select(position => (long)position), events.Select(happened => happened.Position));
            Assert.Equal(
                Enumerable.Range(1, 10).Select(number => (long)number),
                events.Where(happened => happened.Entity.Id == $"x{shard}").Select(happened => happened.SequenceNr));
        }
    }

    [Fact]
    public async Task A_shard_that_was_never_acquired_is_fenced()
    {
        var store = await JoinAsync();
        Assert.Equal(SliceStatus.Fenced, (await AppendAsync(OpenWriter(store), Slice(0, 0, Event(0, 0, 1, "a", 1)))).Status);
        Assert.Equal(SliceStatus.Fenced, (await AppendAsync(OpenWriter(store), Slice(0, 1, Event(0, 1, 1, "a", 1)))).Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Another_epoch_than_the_present_one_is_fenced(long epoch)
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        Assert.Equal(SliceStatus.Fenced, (await AppendAsync(OpenWriter(store), Slice(0, epoch, Event(0, epoch, 1, "a", 1)))).Status);
        Assert.Empty(await ReadShardAsync(store, 0));
    }

    [Fact]
    public async Task Another_incarnation_is_fenced_at_the_right_epoch()
    {
        var owner = await JoinAsync();
        var other = await JoinAsync();
        await OwnAsync(owner, 0);
        Assert.Equal(SliceStatus.Fenced, (await AppendAsync(OpenWriter(other), Slice(0, 1, Event(0, 1, 1, "a", 1)))).Status);
    }

    [Fact]
    public async Task A_released_shard_is_fenced()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        Assert.Single(await store.Cluster.ReleaseAsync(store.Self, [new ShardEpoch(0, 1)], CancellationToken.None));
        Assert.Equal(SliceStatus.Fenced, (await AppendAsync(OpenWriter(store), Slice(0, 1, Event(0, 1, 1, "a", 1)))).Status);
    }

    [Fact]
    public async Task A_fenced_shard_does_not_fail_its_neighbours()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0, 2);
        var outcomes = await OpenWriter(store).AppendAsync(
        [
            Slice(2, 1, Event(2, 1, 1, "c", 1)),
            Slice(1, 1, Event(1, 1, 1, "b", 1)),
            Slice(0, 1, Event(0, 1, 1, "a", 1)),
        ]);
        Assert.Equal([SliceStatus.Written, SliceStatus.Fenced, SliceStatus.Written], outcomes.Select(outcome => outcome.Status));
        Assert.NotEqual("", outcomes[1].Detail);
        Assert.Empty(await ReadShardAsync(store, 1));
        Assert.Single(await ReadShardAsync(store, 0));
        Assert.Single(await ReadShardAsync(store, 2));
    }

    [Fact]
    public async Task A_gap_in_positions_is_a_head_mismatch_and_its_neighbours_are_written()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0, 1);
        var writer = OpenWriter(store);
        await WriteAsync(writer, Slice(0, 1, Event(0, 1, 1, "a", 1)));
        var outcomes = await writer.AppendAsync([Slice(0, 1, Event(0, 1, 3, "a", 2)), Slice(1, 1, Event(1, 1, 1, "b", 1))]);
        Assert.Equal([SliceStatus.HeadMismatch, SliceStatus.Written], outcomes.Select(outcome => outcome.Status));
        Assert.Single(await ReadShardAsync(store, 0));
    }

    [Fact]
    public async Task A_position_that_is_taken_is_a_head_mismatch_and_its_neighbours_are_written()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0, 1, 2);
        var writer = OpenWriter(store);
        await WriteAsync(writer, Slice(1, 1, Event(1, 1, 1, "a", 1), Event(1, 1, 2, "a", 2)));
        var outcomes = await writer.AppendAsync(
            [Slice(0, 1, Event(0, 1, 1, "x", 1)), Slice(1, 1, Event(1, 1, 2, "b", 1)), Slice(2, 1, Event(2, 1, 1, "y", 1))]);
        Assert.Equal([SliceStatus.Written, SliceStatus.HeadMismatch, SliceStatus.Written], outcomes.Select(outcome => outcome.Status));
        Assert.Equal(2, (await ReadShardAsync(store, 1)).Count);
    }

    [Fact]
    public async Task A_gap_in_an_entitys_sequence_is_a_head_mismatch_of_the_whole_slice()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0, 1);
        var writer = OpenWriter(store);
        await WriteAsync(writer, Slice(0, 1, Event(0, 1, 1, "a", 1)));
        var outcomes = await writer.AppendAsync(
            [Slice(0, 1, Event(0, 1, 2, "b", 1), Event(0, 1, 3, "a", 3)), Slice(1, 1, Event(1, 1, 1, "c", 1))]);
        Assert.Equal([SliceStatus.HeadMismatch, SliceStatus.Written], outcomes.Select(outcome => outcome.Status));
        Assert.Single(await ReadShardAsync(store, 0));
    }

    [Fact]
    public async Task A_sequence_number_that_is_taken_is_a_head_mismatch()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var writer = OpenWriter(store);
        await WriteAsync(writer, Slice(0, 1, Event(0, 1, 1, "a", 1), Event(0, 1, 2, "a", 2)));
        Assert.Equal(SliceStatus.HeadMismatch, (await AppendAsync(writer, Slice(0, 1, Event(0, 1, 3, "a", 2)))).Status);
    }

    [Fact]
    public async Task Events_that_do_not_follow_one_another_are_not_sent()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var writer = OpenWriter(store);
        Assert.Equal(SliceStatus.HeadMismatch, (await AppendAsync(writer, Slice(0, 1, Event(0, 1, 1, "a", 1), Event(0, 1, 3, "a", 2)))).Status);
        Assert.Equal(SliceStatus.HeadMismatch, (await AppendAsync(writer, Slice(0, 1, Event(0, 1, 1, "a", 1), Event(0, 1, 2, "a", 3)))).Status);
        Assert.Equal(SliceStatus.HeadMismatch, (await AppendAsync(writer, Slice(0, 1, Event(0, 1, 0, "a", 1)))).Status);
        Assert.Equal(SliceStatus.Rejected, (await AppendAsync(writer, Slice(0, 1, Event(1, 1, 1, "a", 1)))).Status);
        Assert.Equal(SliceStatus.Rejected, (await AppendAsync(writer, Slice(0, 1, Event(0, 2, 1, "a", 1)))).Status);
        Assert.Empty(await ReadShardAsync(store, 0));
    }

    [Fact]
    public async Task Ids_that_cannot_be_stored_are_rejected_alone()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0, 1, 2, 3);
        var outcomes = await OpenWriter(store).AppendAsync(
        [
            Slice(0, 1, Event(0, 1, 1, "nul\0byte", 1)),
            Slice(1, 1, Event(1, 1, 1, "a", 1)),
            Slice(2, 1, Event(2, 1, 1, "lone\ud800surrogate", 1)),
            Slice(3, 1, Event(3, 1, 1, "\U0001F600", 1)),
        ]);
        Assert.Equal(
            [SliceStatus.Rejected, SliceStatus.Written, SliceStatus.Rejected, SliceStatus.Written], outcomes.Select(outcome => outcome.Status));
    }

    [Fact]
    public async Task Of_a_shard_that_is_in_a_batch_twice_the_second_slice_is_rejected()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var outcomes = await OpenWriter(store).AppendAsync([Slice(0, 1, Event(0, 1, 1, "a", 1)), Slice(0, 1, Event(0, 1, 2, "a", 2))]);
        Assert.Equal([SliceStatus.Written, SliceStatus.Rejected], outcomes.Select(outcome => outcome.Status));
    }

    [Fact]
    public async Task Ids_are_compared_bytewise()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        await WriteAsync(OpenWriter(store), Slice(0, 1,
            Event(0, 1, 1, "A", 1), Event(0, 1, 2, "a", 1), Event(0, 1, 3, "\u00e5", 1), Event(0, 1, 4, "a\u030a", 1)));
        Assert.Single((await RecoverAsync(store, "a")).Events);
        Assert.Single((await RecoverAsync(store, "\u00e5")).Events);
    }

    [Fact]
    public async Task A_store_that_cannot_be_written_is_unavailable_by_name_and_recovers_without_a_restart()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0, 1);
        var writer = OpenWriter(store);
        await WriteAsync(writer, Slice(0, 1, Event(0, 1, 1, "a", 1)));

        await Place.SetWritableAsync(false, store);
        var outcomes = await writer.AppendAsync([Slice(0, 1, Event(0, 1, 2, "a", 2)), Slice(1, 1, Event(1, 1, 1, "b", 1))]);
        Assert.All(outcomes, outcome => Assert.Equal(SliceStatus.Unavailable, outcome.Status));
        Assert.Single(await ReadShardAsync(store, 0));

        await Place.SetWritableAsync(true, store);
        await WriteAsync(writer, Slice(0, 1, Event(0, 1, 2, "a", 2)));
    }

    [Fact]
    public async Task Results_and_snapshots_stand_under_the_same_fence()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var command = Guid.NewGuid();
        var writer = OpenWriter(store);
        await WriteAsync(writer, Slice(0, 1, Event(0, 1, 1, "a", 1)));
        var outcome = await AppendAsync(writer, new ShardSlice(0, 2, [], [Result("a", 1, command)], [Snapshot("a", 1, 1)]));
        Assert.Equal(SliceStatus.Fenced, outcome.Status);
        Assert.Empty(await store.Journal.FindResultsAsync([command], CancellationToken.None));
        Assert.Empty((await RecoverAsync(store, "a")).Snapshots);
    }

    [Fact]
    public async Task Results_and_snapshots_of_a_slice_whose_head_does_not_fit_are_not_written()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var command = Guid.NewGuid();
        var outcome = await AppendAsync(
            OpenWriter(store), new ShardSlice(0, 1, [Event(0, 1, 2, "a", 2)], [Result("b", 0, command)], [Snapshot("a", 2, 2)]));
        Assert.Equal(SliceStatus.HeadMismatch, outcome.Status);
        Assert.Empty(await store.Journal.FindResultsAsync([command], CancellationToken.None));
        Assert.Empty((await RecoverAsync(store, "a")).Snapshots);
    }

    [Fact]
    public async Task A_snapshot_is_replaced_by_a_later_one_only()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var writer = OpenWriter(store);
        await WriteAsync(writer, new ShardSlice(0, 1, [Event(0, 1, 1, "a", 1), Event(0, 1, 2, "a", 2)], [], [Snapshot("a", 2, 2, payload: "two")]));
        await WriteAsync(writer, new ShardSlice(0, 1, [], [], [Snapshot("a", 1, 1, payload: "one")]));
        var (snapshots, events, _) = await RecoverAsync(store, "a");
        Assert.Equal((2, 2, "two"), (snapshots[0].SequenceNr, snapshots[0].Position, System.Text.Encoding.UTF8.GetString(snapshots[0].Payload.Span)));
        Assert.Empty(events);

        await WriteAsync(writer, new ShardSlice(0, 1, [Event(0, 1, 3, "a", 3), Event(0, 1, 4, "a", 4)], [],
            [Snapshot("a", 3, 3, payload: "three"), Snapshot("a", 2, 2, payload: "again")]));
        (snapshots, events, _) = await RecoverAsync(store, "a");
        Assert.Equal(3, snapshots[0].SequenceNr);
        Assert.Equal(4, Assert.Single(events).SequenceNr);
    }

    [Fact]
    public async Task A_snapshot_above_the_journals_head_is_a_head_mismatch()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var writer = OpenWriter(store);
        await WriteAsync(writer, Slice(0, 1, Event(0, 1, 1, "a", 1)));
        Assert.Equal(SliceStatus.HeadMismatch, (await AppendAsync(writer, new ShardSlice(0, 1, [], [], [Snapshot("a", 2, 2)]))).Status);
        Assert.Equal(
            SliceStatus.HeadMismatch,
            (await AppendAsync(writer, new ShardSlice(0, 1, [Event(0, 1, 2, "a", 2)], [], [Snapshot("a", 3, 3)]))).Status);
        Assert.Empty((await RecoverAsync(store, "a")).Snapshots);
    }

    [Fact]
    public async Task An_answer_that_is_stored_already_is_rejected_alone()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0, 1);
        var writer = OpenWriter(store);
        var first = Result("a", 0);
        await WriteAsync(writer, new ShardSlice(0, 1, [], [first], []));
        var outcomes = await writer.AppendAsync(
            [new ShardSlice(0, 1, [Event(0, 1, 1, "a", 1)], [first with { SequenceNr = 7 }], []), Slice(1, 1, Event(1, 1, 1, "b", 1))]);
        Assert.Equal([SliceStatus.Rejected, SliceStatus.Written], outcomes.Select(outcome => outcome.Status));
        Assert.Equal(0, Assert.Single(await store.Journal.FindResultsAsync([first.CommandId], CancellationToken.None)).SequenceNr);
        Assert.Empty(await ReadShardAsync(store, 0));
    }

    [Fact]
    public async Task Epochs_do_not_decrease_along_positions_when_a_shard_changes_hands()
    {
        var first = await JoinAsync();
        var second = await JoinAsync();
        await OwnAsync(first, 0);
        await WriteAsync(OpenWriter(first), Slice(0, 1, Event(0, 1, 1, "a", 1)));
        await SetStatusAsync(second, first.Self, MemberStatus.Dead);
        Assert.Equal([new ShardEpoch(0, 2)], await AcquireAsync(second, new ShardClaim(0, first.Self, 1)));
        await WriteAsync(OpenWriter(second), Slice(0, 2, Event(0, 2, 2, "a", 2)));
        Assert.Equal(SliceStatus.Fenced, (await AppendAsync(OpenWriter(first), Slice(0, 1, Event(0, 1, 3, "a", 3)))).Status);
        Assert.Equal([1L, 2L], (await ReadShardAsync(second, 0)).Select(happened => happened.Epoch));
    }

    [Fact]
    public async Task An_empty_batch_is_nothing_and_an_empty_slice_only_asks_the_fence()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var writer = OpenWriter(store);
        Assert.Empty(await writer.AppendAsync([]));
        Assert.Equal(SliceStatus.Written, (await AppendAsync(writer, Slice(0, 1))).Status);
        Assert.Equal(SliceStatus.Fenced, (await AppendAsync(writer, Slice(0, 2))).Status);
    }
}
