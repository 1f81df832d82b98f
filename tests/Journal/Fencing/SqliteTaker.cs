using System.Globalization;
using AkkaScale.Cluster.Sqlite;
using AkkaScale.Journal.Sqlite;
using AkkaScale.Tests.Journal.Plugins;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Tests.Journal.Fencing;

/// <summary>The other process: takes leases of a SQLite file and counts, as told by lines on its standard input.</summary>
internal static class SqliteTaker
{
    public static async Task RunAsync(string path)
    {
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        await connection.OpenAsync();
        using var gate = new WriteGate(path);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            Console.WriteLine(words switch
            {
                ["take", var lease, var owner] => await TakeAsync(connection, gate, lease, owner),
                ["count", var lease, var epoch] => await CountAsync(connection, lease, epoch),
                ["takeandcount", var lease, var owner, var epoch] =>
                    await TakeAsync(connection, gate, lease, owner) > 0 ? await CountAsync(connection, lease, epoch) : -1,
                _ => throw new ArgumentException($"Not understood: {line}"),
            });
        }
    }

    private static async Task<long> TakeAsync(SqliteConnection connection, WriteGate gate, string lease, string owner)
    {
        // In its turn, as every writer: SQLite's own waiting would starve behind the appends. The gate's files are locked by this thread's
        // process, not by the thread.
        gate.Acquire();
        try
        {
            return await LeaseTable.TakeAsync(connection, lease, owner);
        }
        finally
        {
            gate.Release();
        }
    }

    private static async Task<long> CountAsync(SqliteConnection connection, string lease, string epoch)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM journal WHERE persistence_id GLOB $ids AND epoch = $epoch";
        command.Parameters.AddWithValue("$ids", $"{lease}/*");
        command.Parameters.AddWithValue("$epoch", long.Parse(epoch, CultureInfo.InvariantCulture));
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
