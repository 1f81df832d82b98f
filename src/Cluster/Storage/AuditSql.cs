using AkkaScale.Cluster.Audit;

namespace AkkaScale.Cluster.Storage;

/// <summary>Statements on the audit table that both stores understand alike.</summary>
internal static class AuditSql
{
    /// <summary>A status of 0 is none.</summary>
    public const string Begin =
        """
        INSERT INTO audit (at, node, who, by_whom, role, remote, method, path, action, target, why, status, outcome)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, nullif($12, 0), $13) RETURNING nr
        """;

    public const string Finish =
        "UPDATE audit SET by_whom = $2, action = $3, target = $4, why = $5, status = nullif($6, 0), outcome = $7 WHERE nr = $1";

    public const string Read =
        """
        SELECT nr, at, node, who, by_whom, role, remote, method, path, action, target, why, status, outcome
        FROM audit WHERE nr < $1 ORDER BY nr DESC LIMIT $2
        """;

    /// <summary>The number up to which denied calls go; $1 are kept. No row where there are fewer.</summary>
    public const string OldestDenials = "SELECT nr FROM audit WHERE outcome = 2 ORDER BY nr DESC LIMIT 1 OFFSET $1";

    public const string OldestCalls = "SELECT nr FROM audit WHERE outcome <> 2 ORDER BY nr DESC LIMIT 1 OFFSET $1";

    public const string DeleteDenials = "DELETE FROM audit WHERE outcome = 2 AND nr <= $1";

    public const string DeleteCalls = "DELETE FROM audit WHERE outcome <> 2 AND nr <= $1";

    /// <param name="at">As the store keeps a time.</param>
    public static object?[] BeginValues(AuditEntry entry, object at) =>
    [
        at, entry.Node, entry.Who, entry.By, entry.Role, entry.Remote, entry.Method, entry.Path, entry.Action, entry.Target, entry.Why,
        entry.Status ?? 0, (int)entry.Outcome,
    ];

    public static object?[] FinishValues(AuditEntry entry) =>
        [entry.Nr, entry.By, entry.Action, entry.Target, entry.Why, entry.Status ?? 0, (int)entry.Outcome];
}
