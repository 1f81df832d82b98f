using AkkaScale.LegacyJournal.Sqlite;

namespace AkkaScale.LegacyJournal.Care;

/// <summary>Looks at the embedded store's files and the disk below them.</summary>
internal static class SqliteInspection
{
    private static readonly string[] Levels = ["OFF", "NORMAL", "FULL", "EXTRA"];

    /// <summary>Asks the writing connection, as the level is the connection's own and not the file's.</summary>
    public static async Task<SqliteFacts> InspectAsync(string directory, SqliteDatabase journal)
    {
        var (level, mode) = await journal.RunAsync(session => (
            (long)session.Statement("PRAGMA synchronous").Scalar()!,
            (string)session.Statement("PRAGMA journal_mode").Scalar()!));
        var drive = new DriveInfo(Path.GetFullPath(directory));
        return new SqliteFacts(
            directory,
            level >= 0 && level < Levels.Length ? Levels[level] : "unknown",
            mode,
            Length(directory, "journal.db"),
            Length(directory, "journal.db-wal"),
            drive.AvailableFreeSpace,
            drive.TotalSize,
            drive.DriveFormat,
            drive.DriveType == DriveType.Network,
            drive.DriveType == DriveType.Ram || drive.DriveFormat is "tmpfs" or "ramfs");
    }

    private static long Length(string directory, string file) =>
        new FileInfo(Path.Combine(directory, file)) is { Exists: true } info ? info.Length : 0;
}
