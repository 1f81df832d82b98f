namespace AkkaScale.Cluster.Audit;

/// <summary>A changing call of the management API, as the table has it. Texts are empty where there is nothing to say.</summary>
/// <param name="Nr">Given by the database, growing; 0 before that.</param>
/// <param name="At">UTC, by the wall clock of the node that took the call.</param>
/// <param name="Node">Name of that node.</param>
/// <param name="Who">Name of the token, or anonymous.</param>
/// <param name="By">Who it is said to be from, in the caller's own words: proves nothing.</param>
/// <param name="Role">Of the caller: none, viewer, operator.</param>
/// <param name="Remote">Address that the call came from.</param>
/// <param name="Path">As sent, without the query.</param>
/// <param name="Action">What was asked for: "shards/move", say.</param>
/// <param name="Target">Of whom or what.</param>
/// <param name="Why">The caller's reason, or what the node has to say of it.</param>
/// <param name="Status">Of the answer, as HTTP has it; null while there is none.</param>
internal sealed record AuditEntry(
    long Nr, DateTime At, string Node, string Who, string By, string Role, string Remote, string Method, string Path, string Action,
    string Target, string Why, int? Status, AuditOutcome Outcome);
