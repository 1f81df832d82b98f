using AkkaScale.Cluster.Audit;

namespace AkkaScale.Management.Answers;

// The shapes of the management API, as docs/management-api.md lists them: the audit log.

/// <param name="Next">What to ask before for the next page; null: this is the last.</param>
internal sealed record AuditAnswer(IReadOnlyList<AuditEntryAnswer> Entries, long? Next);

/// <param name="By">Who it is said to be from, beside <paramref name="Who"/>, which the token proves.</param>
/// <param name="Outcome">allowed, denied, failed or unknown.</param>
internal sealed record AuditEntryAnswer(
    long Nr, DateTimeOffset At, string Node, string Who, string By, string Role, string Remote, string Method, string Path, string Action,
    string Target, string Why, int? Status, string Outcome)
{
    public static AuditEntryAnswer Of(AuditEntry entry) => new(
        entry.Nr, entry.At, entry.Node, entry.Who, entry.By, entry.Role, entry.Remote, entry.Method, entry.Path, entry.Action, entry.Target,
        entry.Why, entry.Status, entry.Outcome.ToString().ToLowerInvariant());
}
