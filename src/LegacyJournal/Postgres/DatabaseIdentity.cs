using System.Globalization;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>System identifier and timeline of a database server, written "7301224411223344556/00000001".</summary>
internal readonly record struct DatabaseIdentity(string SystemIdentifier, uint Timeline)
{
    /// <summary>
    /// The insert position's timeline is right from the first moment after a promotion; that of pg_control_checkpoint() is
    /// the one of the last checkpoint, which may be minutes older.
    /// </summary>
    public const string Sql =
        "(SELECT system_identifier::text FROM pg_control_system()) || '/' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)";

    public static DatabaseIdentity Parse(string text)
    {
        var separator = text.IndexOf('/', StringComparison.Ordinal);
        return new(text[..separator], uint.Parse(text.AsSpan(separator + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    public override string ToString() => $"{SystemIdentifier}/{Timeline:X8}";
}
