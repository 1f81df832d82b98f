namespace AkkaScale.Cluster.Postgres;

/// <summary>
/// Statements that are one transaction and are sent in one go. All have the same parameters. Each sees what was committed before it began, so
/// one that follows a lock sees what the lock waited for.
/// </summary>
internal sealed class Statements(params string[] texts)
{
    /// <summary>
    /// The first of several: their commit waits for no disk and no replica, and so their row locks are free at once. What must be there
    /// after a crash is waited for by <see cref="PostgresSession.Flush"/>.
    /// </summary>
    public const string LocksBriefly = "SELECT set_config('synchronous_commit', 'off', true)";

    public IReadOnlyList<string> Texts => texts;

    /// <summary>How many of them answer with rows, none or more; Npgsql's reader passes over the others.</summary>
    public int Answering { get; } = texts.Count(
        text => text.StartsWith("SELECT", StringComparison.Ordinal) || text.StartsWith("WITH", StringComparison.Ordinal)
            || text.Contains("RETURNING", StringComparison.Ordinal));
}
