using System.Globalization;
using Npgsql;

namespace AkkaScale.LegacyJournal.Care;

/// <summary>The line that copies a PostgreSQL server while it runs.</summary>
internal static class BaseBackup
{
    public static string Line(string connectionString, string directory)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);

        // Of several hosts any will do: a base backup may be taken from a standby.
        var host = (server.Host ?? "127.0.0.1").Split(',')[0].Split(':')[0];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"pg_basebackup --host={Quoted(host)} --port={server.Port} --username={Quoted(server.Username ?? "postgres")} --pgdata={Quoted(directory)} --wal-method=stream --checkpoint=fast --progress");
    }

    /// <summary>As a shell takes it for one word.</summary>
    private static string Quoted(string text) =>
        text.Length > 0 && text.All(character => char.IsAsciiLetterOrDigit(character) || "/._-".Contains(character, StringComparison.Ordinal))
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
