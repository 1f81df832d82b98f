namespace AkkaScale.Cluster.Postgres;

/// <summary>
/// Statements that are one transaction and are sent in one go. All have the same parameters. Each sees what was committed before it began, so
/// one that follows a lock sees what the lock waited for.
/// </summary>
internal sealed class Statements
{
    private Statements(string[] texts, bool areFlushed)
    {
        (Texts, AreFlushed) = (texts, areFlushed);
        Answering = texts.Count(
            text => text.StartsWith("SELECT", StringComparison.Ordinal) || text.StartsWith("WITH", StringComparison.Ordinal)
                || text.Contains("RETURNING", StringComparison.Ordinal));
    }

    public Statements(params string[] texts)
        : this(texts, areFlushed: false)
    {
    }

    public IReadOnlyList<string> Texts { get; }

    /// <summary>Whether the session waits, after they are committed, until they are durable.</summary>
    public bool AreFlushed { get; }

    /// <summary>How many of them answer with rows, none or more; Npgsql's reader passes over the others.</summary>
    public int Answering { get; }

    /// <summary>Those that lock rows of nodes that live: the commit waits for no disk and no replica, and so the rows are free at once.</summary>
    public static Statements LockingBriefly(params string[] texts) =>
        new(["SELECT set_config('synchronous_commit', 'off', true)", .. texts], areFlushed: true);
}
