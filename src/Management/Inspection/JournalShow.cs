using AkkaScale.Journal.Verification;
using AkkaScale.Management.Facts;

namespace AkkaScale.Management.Inspection;

/// <summary>What the journal's checks found, in the words of the management API. Pure.</summary>
internal static class JournalShow
{
    public static JournalCheck Check(ShardKey shard, LeaseVerification found) => new(
        shard, found.Events, found.Entities, [.. found.Violations.Select(Violation)]);

    public static ShardFigures Figures(ShardKey shard, LeaseStatistics? counted) => new(
        shard, counted?.Events ?? 0, counted?.Entities ?? 0, counted?.Bytes ?? 0, counted?.Snapshots ?? 0,
        counted?.SnapshotBytes ?? 0);

    public static JournalViolation Violation(Violation found)
    {
        var ofLease = found.Rule is "owner" or "lease";
        return new JournalViolation(
            found.Rule switch
            {
                "acknowledged" => "I1",
                "owner" or "lease" or "shard" => "I3",
                _ => "I2",
            },
            ofLease ? null : EntityOf(found.Subject),
            $"{found.Rule}: {(ofLease ? $"{found.Subject}: " : "")}{found.Detail}");
    }

    /// <summary>task/t-1 of task-t-1.</summary>
    private static string EntityOf(string persistenceId)
    {
        var hyphen = persistenceId.IndexOf('-', StringComparison.Ordinal);
        return hyphen < 0 ? persistenceId : $"{persistenceId[..hyphen]}/{persistenceId[(hyphen + 1)..]}";
    }
}
