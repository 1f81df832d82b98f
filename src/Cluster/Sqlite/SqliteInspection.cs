using AkkaScale.Cluster.Inspection;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Cluster.Sqlite;

/// <summary>Looks at the embedded store's files and the disk below them.</summary>
internal static class SqliteInspection
{
    public static async Task<SqliteFacts> RunAsync(string file, CancellationToken cancellationToken)
    {
        var source = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false };
        await using var connection = new SqliteConnection(source.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var mode = new SqliteCommand("PRAGMA journal_mode", connection);
        var drive = new DriveInfo(Path.GetDirectoryName(file)!);
        return new SqliteFacts(
            file,
            (string)(await mode.ExecuteScalarAsync(cancellationToken))!,
            Length(file),
            Length($"{file}-wal"),
            drive.AvailableFreeSpace,
            drive.TotalSize,
            drive.DriveFormat,
            drive.DriveType == DriveType.Network,
            drive.DriveType == DriveType.Ram || drive.DriveFormat is "tmpfs" or "ramfs");
    }

    private static long Length(string file) => new FileInfo(file) is { Exists: true } info ? info.Length : 0;
}
