using Akka.Actor;
using Akka.Persistence;
using AkkaScale.Tests.Journal.Plugins;

namespace AkkaScale.Tests.Journal.Conformance;

/// <summary>The snapshot store's protocol: saving, choosing, deleting.</summary>
public abstract class SnapshotRules<TPlugin>(TPlugin plugin, ITestOutputHelper output) : PluginSpec(plugin, output), IClassFixture<TPlugin>
    where TPlugin : PluginUnderTest
{
    private static readonly DateTime Start = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public Task Without_a_snapshot_none_is_loaded() => RuleAsync(async () =>
        Assert.Null(await LoadAsync(NewId(), SnapshotSelectionCriteria.Latest)));

    [Fact]
    public Task The_latest_is_loaded_with_its_metadata() => RuleAsync(async () =>
    {
        var id = await SavedAsync();

        var loaded = await LoadAsync(id, SnapshotSelectionCriteria.Latest);

        Assert.Equal(new Notebook("state 30"), loaded!.Snapshot);
        Assert.Equal(id, loaded.Metadata.PersistenceId);
        Assert.Equal(30, loaded.Metadata.SequenceNr);
        Assert.Equal(Start.AddHours(30).Ticks, loaded.Metadata.Timestamp.Ticks);
    });

    [Theory]
    [InlineData(30, 30L)]
    [InlineData(29, 20L)]
    [InlineData(20, 20L)]
    [InlineData(9, null)]
    public Task A_highest_number_chooses(long highest, long? expected) => RuleAsync(async () =>
        Assert.Equal(expected, await NumberAsync(new SnapshotSelectionCriteria(highest))));

    [Theory]
    [InlineData(30, 30L)]
    [InlineData(25, 20L)]
    [InlineData(5, null)]
    public Task A_latest_time_chooses(int hour, long? expected) => RuleAsync(async () =>
        Assert.Equal(expected, await NumberAsync(new SnapshotSelectionCriteria(long.MaxValue, Start.AddHours(hour)))));

    [Fact]
    public Task Number_and_time_choose_together() => RuleAsync(async () =>
    {
        Assert.Equal(10, await NumberAsync(new SnapshotSelectionCriteria(20, Start.AddHours(15))));
        Assert.Equal(10, await NumberAsync(new SnapshotSelectionCriteria(15, Start.AddHours(25))));
    });

    [Fact]
    public Task A_lowest_number_bounds_the_choice() => RuleAsync(async () =>
    {
        Assert.Equal(30, await NumberAsync(new SnapshotSelectionCriteria(30, DateTime.MaxValue, minSequenceNr: 30)));
        Assert.Null(await NumberAsync(new SnapshotSelectionCriteria(29, DateTime.MaxValue, minSequenceNr: 25)));
    });

    [Fact]
    public Task An_earliest_time_bounds_the_choice() => RuleAsync(async () =>
        Assert.Null(await NumberAsync(new SnapshotSelectionCriteria(20, DateTime.MaxValue, 0, Start.AddHours(25)))));

    [Fact]
    public Task The_number_of_the_request_bounds_the_choice() => RuleAsync(async () =>
    {
        var id = await SavedAsync();
        Assert.Equal(20, (await LoadAsync(id, SnapshotSelectionCriteria.Latest, 29))!.Metadata.SequenceNr);
    });

    [Fact]
    public Task Saving_at_a_number_again_replaces() => RuleAsync(async () =>
    {
        var id = await SavedAsync();
        await SaveAsync(id, 30, "again");

        Assert.Equal(new Notebook("again"), (await LoadAsync(id, SnapshotSelectionCriteria.Latest))!.Snapshot);
    });

    [Fact]
    public Task One_snapshot_is_deleted_by_its_number() => RuleAsync(async () =>
    {
        var id = await SavedAsync();
        await DeleteAsync(new SnapshotMetadata(id, 30, DateTime.MinValue));

        Assert.Equal([10, 20], await NumbersAsync(id));
    });

    [Fact]
    public Task One_snapshot_is_deleted_by_number_and_time() => RuleAsync(async () =>
    {
        var id = await SavedAsync();
        await DeleteAsync(new SnapshotMetadata(id, 20, Start.AddHours(20)));

        Assert.Equal([10, 30], await NumbersAsync(id));
    });

    [Fact]
    public Task Deleting_what_is_not_there_succeeds() => RuleAsync(async () =>
    {
        var id = await SavedAsync();
        await DeleteAsync(new SnapshotMetadata(id, 25, DateTime.MinValue));

        Assert.Equal([10, 20, 30], await NumbersAsync(id));
    });

    [Fact]
    public Task Snapshots_are_deleted_up_to_a_number() => RuleAsync(async () =>
        Assert.Equal([30], await LeftAsync(new SnapshotSelectionCriteria(20))));

    [Fact]
    public Task Snapshots_are_deleted_up_to_a_time() => RuleAsync(async () =>
        Assert.Equal([20, 30], await LeftAsync(new SnapshotSelectionCriteria(long.MaxValue, Start.AddHours(15)))));

    [Fact]
    public Task Snapshots_are_deleted_up_to_number_and_time() => RuleAsync(async () =>
        Assert.Equal([20, 30], await LeftAsync(new SnapshotSelectionCriteria(20, Start.AddHours(15)))));

    [Fact]
    public Task All_snapshots_of_one_id_are_deleted() => RuleAsync(async () =>
    {
        var other = await SavedAsync();
        Assert.Empty(await LeftAsync(SnapshotSelectionCriteria.Latest));
        Assert.Equal([10, 20, 30], await NumbersAsync(other));
    });

    [Fact]
    public Task A_lowest_number_bounds_the_deletion() => RuleAsync(async () =>
        Assert.Equal([10, 30], await LeftAsync(new SnapshotSelectionCriteria(20, DateTime.MaxValue, minSequenceNr: 15))));

    [Fact]
    public Task Large_snapshots_and_any_id_are_kept() => RuleAsync(async () =>
    {
        var id = NewId("日本語-🙂-it's \"");
        var large = string.Concat(Enumerable.Range(0, 500_000).Select(number => $"{number:D8} "));
        await SaveAsync(id, 1, large);

        Assert.Equal(new Notebook(large), (await LoadAsync(id, SnapshotSelectionCriteria.Latest))!.Snapshot);
    });

    [Fact]
    public Task A_snapshot_that_cannot_be_read_fails_the_load() => RuleAsync(async () =>
    {
        var id = await SavedAsync();
        await Plugin.ExecuteAsync("UPDATE snapshot SET manifest = 'lost@9' WHERE persistence_id = @id", ("@id", id));
        var probe = CreateTestProbe();
        SnapshotStore.Tell(new LoadSnapshot(id, SnapshotSelectionCriteria.Latest, long.MaxValue), probe.Ref);

        Assert.Contains("cannot be read", $"{(await probe.ExpectMsgAsync<LoadSnapshotFailed>(Patience)).Cause}", StringComparison.Ordinal);
    });

    [Fact]
    public Task A_snapshot_that_cannot_be_written_is_told_as_failed() => RuleAsync(async () =>
    {
        var probe = CreateTestProbe();
        var id = NewId();
        SnapshotStore.Tell(new SaveSnapshot(new SnapshotMetadata(id, 1, Start), new Unwritable()), probe.Ref);

        Assert.Equal(1, (await probe.ExpectMsgAsync<SaveSnapshotFailure>(Patience)).Metadata.SequenceNr);
        Assert.Null(await LoadAsync(id, SnapshotSelectionCriteria.Latest));
    });

    private async Task<string> SavedAsync()
    {
        var id = NewId();
        foreach (var number in new[] { 10, 20, 30 })
        {
            await SaveAsync(id, number, $"state {number}");
        }

        return id;
    }

    private async Task SaveAsync(string id, int number, string text)
    {
        var probe = CreateTestProbe();
        var metadata = new SnapshotMetadata(id, number, Start.AddHours(number));
        SnapshotStore.Tell(new SaveSnapshot(metadata, new Notebook(text)), probe.Ref);
        Assert.Equal(metadata, (await probe.ExpectMsgAsync<SaveSnapshotSuccess>(Patience)).Metadata);
    }

    private async Task<SelectedSnapshot?> LoadAsync(string id, SnapshotSelectionCriteria criteria, long to = long.MaxValue)
    {
        var probe = CreateTestProbe();
        SnapshotStore.Tell(new LoadSnapshot(id, criteria, to), probe.Ref);
        return (await probe.ExpectMsgAsync<LoadSnapshotResult>(Patience)).Snapshot;
    }

    private async Task<long?> NumberAsync(SnapshotSelectionCriteria criteria) =>
        (await LoadAsync(await SavedAsync(), criteria))?.Metadata.SequenceNr;

    private async Task DeleteAsync(SnapshotMetadata metadata)
    {
        var probe = CreateTestProbe();
        SnapshotStore.Tell(new DeleteSnapshot(metadata), probe.Ref);
        Assert.Equal(metadata, (await probe.ExpectMsgAsync<DeleteSnapshotSuccess>(Patience)).Metadata);
    }

    private async Task<IEnumerable<long>> LeftAsync(SnapshotSelectionCriteria deleted)
    {
        var id = await SavedAsync();
        var probe = CreateTestProbe();
        SnapshotStore.Tell(new DeleteSnapshots(id, deleted), probe.Ref);
        Assert.Equal(deleted, (await probe.ExpectMsgAsync<DeleteSnapshotsSuccess>(Patience)).Criteria);
        return await NumbersAsync(id);
    }

    private async Task<IEnumerable<long>> NumbersAsync(string id) =>
        (await Plugin.QueryAsync("SELECT sequence_number FROM snapshot WHERE persistence_id = @id ORDER BY 1", ("@id", id)))
        .Select(row => (long)row[0]!);
}
