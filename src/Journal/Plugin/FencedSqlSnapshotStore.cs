using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Snapshot;
using AkkaScale.Journal.Options;
using AkkaScale.Journal.Reading;

namespace AkkaScale.Journal.Plugin;

/// <summary>
/// Akka.Persistence.Sql's snapshot store, which reads an entity's events along with its snapshot for the journal beside it, and writes
/// only what the lease allows.
/// </summary>
/// <remarks>
/// Deletions are fenced too: after a save that failed Akka deletes whatever snapshot has that number, which may be the next owner's.
/// </remarks>
public sealed class FencedSqlSnapshotStore : SqlSnapshotStore
{
    private readonly FencedJournal _journal;

    public FencedSqlSnapshotStore(Config config)
        : base(config) => _journal = FencedJournals.For(Context.System).Get(Self.Path.Name);

    protected override async Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        var stored = await _journal.Recoveries.LoadSnapshotAsync(
            persistenceId, SnapshotRange.Of(criteria), _journal.Opening, cancellationToken);
        var selected = stored is null ? null : _journal.Codec.ToSelected(stored);
        return selected?.Snapshot is IUnusableSnapshot ? null : selected;
    }

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken) =>
        _journal.SaveSnapshotAsync(metadata, snapshot, cancellationToken);

    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        // Without a time the number alone decides, as in the stock plugin.
        var latest = metadata.Timestamp > DateTime.MinValue ? metadata.Timestamp.Ticks : long.MaxValue;
        return _journal.DeleteSnapshotsAsync(
            metadata.PersistenceId, new SnapshotRange(metadata.SequenceNr, metadata.SequenceNr, 0, latest), cancellationToken);
    }

    protected override Task DeleteAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        _journal.DeleteSnapshotsAsync(persistenceId, SnapshotRange.Of(criteria), cancellationToken);

    public override Task<PersistenceHealthCheckResult> CheckHealthAsync(CancellationToken cancellationToken = default) =>
        JournalHealth.Of(_journal) is { } trouble ? Task.FromResult(trouble) : base.CheckHealthAsync(cancellationToken);
}
