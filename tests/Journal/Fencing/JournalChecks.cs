using System.Data.Common;

namespace AkkaScale.Tests.Journal.Fencing;

/// <summary>What must hold of every journal: per entity the numbers are 1 to n, and epochs never decrease along them.</summary>
internal static class JournalChecks
{
    public static async Task AssertSoundAsync(DbConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT persistence_id, sequence_number, epoch FROM (
                SELECT persistence_id, sequence_number, epoch,
                    row_number() OVER entity AS expected, lag(epoch) OVER entity AS before
                FROM journal
                WINDOW entity AS (PARTITION BY persistence_id ORDER BY sequence_number)) AS numbered
            WHERE sequence_number <> expected OR before > epoch
            """;
        await using var reader = await command.ExecuteReaderAsync();
        var faults = new List<string>();
        while (await reader.ReadAsync())
        {
            faults.Add($"{reader.GetString(0)} number {reader.GetInt64(1)} epoch {reader[2]}");
        }

        Assert.Empty(faults);
    }
}
