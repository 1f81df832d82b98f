using AkkaScale.Journal.Options;

namespace AkkaScale.Journal.Schema;

/// <summary>Tells from its columns whose table <c>journal</c> is, before anything is changed in a database.</summary>
internal static class JournalLayout
{
    private static readonly string[] AkkaPersistenceSql =
        ["ordering", "created", "deleted", "persistence_id", "sequence_number", "message", "manifest", "identifier", "writer_uuid"];

    /// <param name="columns">The columns of the table <c>journal</c>; empty when there is none.</param>
    /// <exception cref="JournalRefusedException">The table is another program's.</exception>
    public static void Check(IReadOnlyCollection<string> columns)
    {
        if (columns.Count == 0)
        {
            return;
        }

        var missing = AkkaPersistenceSql.Except(columns).ToList();
        if (missing.Count > 0)
        {
            throw new JournalRefusedException(
                "This database has a table journal that is not of Akka.Persistence.Sql's default layout "
                + $"(no {string.Join(", ", missing)}): name another database.");
        }
    }
}
