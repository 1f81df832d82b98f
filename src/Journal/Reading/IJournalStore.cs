using AkkaScale.Journal.Options;
using AkkaScale.Journal.Writing;

namespace AkkaScale.Journal.Reading;

/// <summary>Everything but appends: what recoveries read, snapshots, deletions.</summary>
internal interface IJournalStore : IDisposable
{
    /// <summary>Checks the server and brings the schema up to date.</summary>
    /// <exception cref="JournalRefusedException">The database is not fit.</exception>
    Task OpenAsync(CancellationToken cancellationToken);

    IBatchWriter CreateWriter();

    InspectionSource Inspection { get; }

    /// <summary>True for an error that passes when the database is back: what was asked may be asked again.</summary>
    bool IsAway(Exception error);

    /// <summary>Snapshot, events after it and highest number, as of one moment.</summary>
    Task<RecoveryRead> ReadRecoveryAsync(string persistenceId, SnapshotRange snapshots, int limit, CancellationToken cancellationToken);

    /// <summary>Events from a number on, and the highest number, as of one moment.</summary>
    Task<RecoveryRead> ReadEventsAsync(string persistenceId, long from, int limit, CancellationToken cancellationToken);

    /// <summary>Each event of the range that is not deleted, in order.</summary>
    Task ReplayAsync(
        string persistenceId, long from, long to, long max, Action<StoredEvent> each, CancellationToken cancellationToken);

    /// <summary>The event of an entity that answers a command; null when none does.</summary>
    Task<StoredEvent?> FindCommandAsync(string persistenceId, string commandId, CancellationToken cancellationToken);

    /// <summary>False when the lease of the slice is not held: nothing was written then.</summary>
    Task<bool> SaveSnapshotAsync(StoredSnapshot snapshot, Slice slice, CancellationToken cancellationToken);

    /// <inheritdoc cref="SaveSnapshotAsync"/>
    Task<bool> DeleteSnapshotsAsync(string persistenceId, SnapshotRange range, Slice slice, CancellationToken cancellationToken);

    /// <summary>Removes an entity's events up to a number, but keeps the last of them as a deleted row.</summary>
    /// <inheritdoc cref="SaveSnapshotAsync"/>
    Task<bool> DeleteEventsAsync(string persistenceId, long to, Slice slice, CancellationToken cancellationToken);
}
