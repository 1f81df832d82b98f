namespace AkkaScale.LegacyJournal.Care;

/// <summary>A store that copies itself while nodes run on it.</summary>
public interface IOnlineBackup
{
    /// <summary>Copies everything committed before some moment during the call into an empty directory, and flushes it to the disk.</summary>
    /// <param name="progress">Bytes done and in all.</param>
    /// <exception cref="LegacyCluster.StoreUnavailableException">It cannot be copied; what was written is of no use.</exception>
    Task<BackupContents> BackUpAsync(string directory, Action<long, long> progress, CancellationToken cancellationToken);
}
