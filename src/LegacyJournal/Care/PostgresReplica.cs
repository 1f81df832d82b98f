namespace AkkaScale.LegacyJournal.Care;

/// <param name="State">streaming, catchup, …</param>
/// <param name="SyncState">sync, quorum, potential or async.</param>
/// <param name="LagBytes">Written here and not yet on the replica's disk.</param>
public sealed record PostgresReplica(string Name, string State, string SyncState, long LagBytes);
