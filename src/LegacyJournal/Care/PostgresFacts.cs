namespace AkkaScale.LegacyJournal.Care;

/// <summary>A PostgreSQL server as its settings and statistics show it to this user.</summary>
/// <param name="Archive">Null: the server does not archive (archive_mode off).</param>
/// <param name="Connections">Of all users, this question's own included.</param>
/// <param name="MayReplicate">This user may take a base backup.</param>
/// <param name="Replicas">Empty also where this user may not see them.</param>
public sealed record PostgresFacts(
    int Version,
    bool Fsync,
    string SynchronousCommit,
    bool FullPageWrites,
    bool Checksums,
    string SynchronousStandbyNames,
    IReadOnlyList<PostgresReplica> Replicas,
    PostgresArchive? Archive,
    string WalLevel,
    int MaxWalSenders,
    int MaxConnections,
    int ReservedConnections,
    int Connections,
    bool MayReplicate,
    long DatabaseBytes);
