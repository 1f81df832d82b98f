using AkkaScale.Journal.Verification;

namespace AkkaScale.Journal.Backups;

/// <summary>What a file that should be a backup holds.</summary>
/// <param name="Kind">What is in it: the journal with its leases, or the members with orders and audit log; null: neither.</param>
/// <param name="Problems">Why it cannot be used; empty: it can.</param>
/// <param name="Statistics">Null: it has no journal, or cannot be read.</param>
internal sealed record BackupCheck(
    BackupKind? Kind, IReadOnlyList<string> Problems, JournalStatistics? Statistics, IReadOnlyList<Violation> Violations);

internal enum BackupKind
{
    Journal,
    Members,
}
