namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>A writing connection, used by one thread under the write lock.</summary>
internal interface IWriteSession : IDisposable
{
    /// <summary>True after a fault that leaves the connection's view of the file in doubt.</summary>
    bool IsBroken { get; }

    /// <summary>Called after each piece of work, still under the lock: the place for checkpoints.</summary>
    void AfterWrite();
}
