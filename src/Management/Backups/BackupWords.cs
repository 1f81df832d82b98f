using AkkaScale.Cluster.Inspection;
using AkkaScale.Management.Answers;

namespace AkkaScale.Management.Backups;

/// <summary>How a store is backed up, in lines to type and with a word on each setting that backups hang on. Pure.</summary>
internal static class BackupWords
{
    public static BackupAdvice Of(StoreFacts facts) => facts.Postgres is { } server
        ? new BackupAdvice("postgres", null, [.. Lines(server)], [.. Settings(server)])
        : new BackupAdvice("sqlite", facts.Sqlite!.JournalBytes, [], []);

    private static IEnumerable<string> Lines(PostgresFacts server)
    {
        var place = server.Place ?? new PostgresPlace("", 5432, "", "");
        var at = $"-h {Quoted(place.Host)} -p {FormattableString.Invariant($"{place.Port}")}";
        yield return $"pg_dump {at} -U {Quoted(place.User)} -d {Quoted(place.Database)} -Fc -f akkascale.dump";
        yield return $"pg_restore {at} -U {Quoted(place.User)} -d <an empty database> akkascale.dump";
        yield return $"pg_basebackup {at} -U <a role with REPLICATION> -D <an empty directory> -X stream -c fast -P";
    }

    private static IEnumerable<BackupSetting> Settings(PostgresFacts server)
    {
        yield return server.WalLevel is "replica" or "logical"
            ? new("wal_level", server.WalLevel, "ok", "enough for base backups and for an archive")
            : new("wal_level", server.WalLevel, "wrong", "pg_basebackup and an archive need replica: set it and restart the server; pg_dump works all the same");
        if (server.Archive is not { } archive)
        {
            yield return new("archive_mode", "off", "notice", "a backup restores the moment it was taken; what comes after it is lost with the server and its replicas");
            yield return new("archive_command", "not used", "notice", "set it and archive_mode=on to restore any later moment");
            yield break;
        }

        yield return new("archive_mode", "on", "ok", "with a base backup any later moment can be restored");
        yield return (archive.HasCommand, archive.IsFailing) switch
        {
            (false, _) => new("archive_command", "empty", "wrong", "segments are kept until somebody archives them, and fill the disk: set it, or archive_library"),
            (_, true) => new("archive_command", "fails", "wrong", $"the last attempt failed, at {archive.LastFailed:u}: a restore ends at {(archive.LastArchived is { } last ? last.ToString("u") : "nothing")}; see the server's log"),
            _ => new("archive_command", "set", "ok", archive.LastArchived is { } archived ? $"the last segment was archived at {archived:u}" : "nothing has been archived yet"),
        };
        yield return archive.Timeout > TimeSpan.Zero
            ? new("archive_timeout", FormattableString.Invariant($"{archive.Timeout.TotalSeconds:0} s"), "ok", "a quiet cluster is not further behind than that")
            : new("archive_timeout", "0", "notice", "a segment is archived when it is full: on a quiet day the archive is hours behind; set 60 s, for example");
    }

    /// <summary>As a shell takes it for one word.</summary>
    private static string Quoted(string word) => word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or '/' or ':')
        ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
