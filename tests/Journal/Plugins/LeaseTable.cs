using System.Data.Common;

namespace AkkaScale.Tests.Journal.Plugins;

/// <summary>The lease rows as the owner of the next step will write them: taken by one update, epochs only grow.</summary>
internal static class LeaseTable
{
    public const string Cluster = "test";

    /// <summary>Takes the lease from whoever has it.</summary>
    /// <returns>The new epoch.</returns>
    public static async Task<long> TakeAsync(DbConnection connection, string lease, string owner)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            INSERT INTO lease (cluster, name, owner, epoch) VALUES (@cluster, @name, @owner, 1)
            ON CONFLICT (cluster, name) DO UPDATE SET owner = excluded.owner, epoch = lease.epoch + 1
            RETURNING epoch
            """;
        Add(command, "@cluster", Cluster);
        Add(command, "@name", lease);
        Add(command, "@owner", owner);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The same, and the node knows of it.</summary>
    public static async Task HoldAsync(this FencedNode node, DbConnection connection, params string[] leases)
    {
        foreach (var lease in leases)
        {
            node.Book.Hold(lease, await TakeAsync(connection, lease, node.Book.Owner));
        }
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
