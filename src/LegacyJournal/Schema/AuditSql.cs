namespace AkkaScale.LegacyJournal.Schema;

/// <summary>Statements on the audit log that both stores understand alike.</summary>
internal static class AuditSql
{
    public const string Begin =
        """
        INSERT INTO audit (at, node, who, by_whom, role, remote, method, path, action, target, why, status, outcome)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING nr
        """;

    public const string Finish = "UPDATE audit SET by_whom = $2, action = $3, target = $4, why = $5, status = $6, outcome = $7 WHERE nr = $1";

    public const string Read =
        """
        SELECT nr, at, node, who, by_whom, role, remote, method, path, action, target, why, status, outcome
        FROM audit WHERE nr < $1 ORDER BY nr DESC LIMIT $2
        """;

    /// <summary>$1 of each are kept; where there are fewer the comparison is with null and takes none.</summary>
    public const string PruneDenials =
        "DELETE FROM audit WHERE outcome = 2 AND nr <= (SELECT nr FROM audit WHERE outcome = 2 ORDER BY nr DESC LIMIT 1 OFFSET $1)";

    public const string PruneCalls =
        "DELETE FROM audit WHERE outcome <> 2 AND nr <= (SELECT nr FROM audit WHERE outcome <> 2 ORDER BY nr DESC LIMIT 1 OFFSET $1)";
}
