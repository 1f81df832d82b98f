namespace AkkaScale.LegacyCluster.Audit;

/// <summary>A changing call of the management API, as the audit log keeps it. Texts are empty where there is nothing to say.</summary>
/// <param name="Nr">Given by the store, growing; 0 before that.</param>
/// <param name="At">Wall clock of the node that took the call.</param>
/// <param name="Node">Name of that node.</param>
/// <param name="Who">Name of the token, or anonymous.</param>
/// <param name="By">Who it is said to be from, in the caller's own words: proves nothing.</param>
/// <param name="Role">Of the caller: none, viewer, operator.</param>
/// <param name="Remote">Address that the call came from.</param>
/// <param name="Path">As sent, without the query.</param>
/// <param name="Action">What was asked for: "shards/pin", say.</param>
/// <param name="Target">Of whom or what.</param>
/// <param name="Why">The caller's reason, or what the node has to say of it.</param>
/// <param name="Status">Of the answer; null while there is none.</param>
public sealed record AuditEntry(
    long Nr, DateTimeOffset At, string Node, string Who, string By, string Role, string Remote, string Method, string Path, string Action, string Target,
    string Why, int? Status, AuditOutcome Outcome);
