namespace AkkaScale.Management.Answers;

// The shapes of the management API, as docs/management-api.md lists them: backups of the store.

/// <summary>How the store is backed up.</summary>
/// <param name="Store">sqlite or postgres.</param>
/// <param name="Bytes">About how large a backup is; null: the database's own tools tell.</param>
/// <param name="Lines">What to type; empty for the embedded store: this port gives it out.</param>
internal sealed record BackupAdvice(string Store, long? Bytes, IReadOnlyList<string> Lines, IReadOnlyList<BackupSetting> Settings);

/// <param name="Word">ok, notice or wrong.</param>
/// <param name="Says">What it means for a backup.</param>
internal sealed record BackupSetting(string Name, string Value, string Word, string Says);

/// <summary>Body of an order for a backup.</summary>
/// <param name="Part">journal: events, snapshots and leases; members: the cluster's terms, members, orders and the audit log.</param>
internal sealed record BackupRequest(string? Part = null, string? Reason = null, string? By = null) : IOrderRequest;

/// <summary>What a backup holds.</summary>
/// <param name="Part">journal or members; null: neither.</param>
/// <param name="Usable">It has no problems and no violations.</param>
/// <param name="Problems">Why it cannot be used.</param>
/// <param name="Violations">At most a hundred of a rule.</param>
internal sealed record BackupCheckAnswer(
    string? Part, bool Usable, long Bytes, IReadOnlyList<string> Problems, long? Events, long? Entities, long? Snapshots, long? Leases,
    IReadOnlyList<ViolationAnswer> Violations);
