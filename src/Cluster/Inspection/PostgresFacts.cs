namespace AkkaScale.Cluster.Inspection;

/// <summary>A PostgreSQL server as its settings and statistics show it to this user.</summary>
/// <param name="IsPooled">A pooling proxy stands in between: session locks would not be this process's.</param>
/// <param name="Archive">Null: the server does not archive (archive_mode off).</param>
/// <param name="Connections">Of all users, this question's own included.</param>
/// <param name="Replicas">Empty also where this user may not see them.</param>
internal sealed record PostgresFacts(
    int Version,
    bool Fsync,
    string SynchronousCommit,
    bool FullPageWrites,
    bool Checksums,
    bool IsPooled,
    string SynchronousStandbyNames,
    IReadOnlyList<PostgresReplica> Replicas,
    PostgresArchive? Archive,
    int MaxConnections,
    int ReservedConnections,
    int Connections,
    long DatabaseBytes)
{
    /// <summary>replica or logical; minimal is too little for base backups and archives. Empty: not asked.</summary>
    public string WalLevel { get; init; } = "";

    /// <summary>How this process reached it, without secrets; null: not asked.</summary>
    public PostgresPlace? Place { get; init; }
}

internal sealed record PostgresPlace(string Host, int Port, string Database, string User);

/// <param name="State">streaming, catchup, …</param>
/// <param name="SyncState">sync, quorum, potential or async.</param>
/// <param name="LagBytes">Written here and not yet on the replica's disk.</param>
internal sealed record PostgresReplica(string Name, string State, string SyncState, long LagBytes);

/// <param name="HasCommand">A command or a library is set; without one segments pile up.</param>
/// <param name="Timeout">Longest time until a segment that is not full is archived; zero: never.</param>
/// <param name="LastArchived">Null: nothing yet.</param>
/// <param name="LastFailed">Null: nothing failed.</param>
internal sealed record PostgresArchive(bool HasCommand, TimeSpan Timeout, DateTimeOffset? LastArchived, DateTimeOffset? LastFailed, long Failures)
{
    /// <summary>The last attempt did not succeed.</summary>
    public bool IsFailing => LastFailed is { } failed && (LastArchived is not { } archived || failed > archived);
}
