using System.Data.Common;
using System.Globalization;
using AkkaScale.TestKit;

namespace AkkaScale.Tests.Chaos.Rig;

/// <summary>What the table of members says of a process, read past the product.</summary>
internal static class MemberRows
{
    private const string Newest = "SELECT state, reason FROM node WHERE name = @name ORDER BY started_at DESC LIMIT 1";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>State and reason of the node's last start, such as "dead: has ended after it was sent away". Waits while the database does not answer.</summary>
    public static async Task<string> FateAsync(ChaosCluster cluster, string node)
    {
        var fate = "";
        await Eventually.Holds($"the row of {node} can be read", Bound, async () =>
        {
            try
            {
                fate = await ReadAsync(cluster, node);
                return null;
            }
            catch (DbException away)
            {
                return away.Message;
            }
        });
        return fate;
    }

    private static async Task<string> ReadAsync(ChaosCluster cluster, string node)
    {
        await using var connection = cluster.StoreConnection(suffix: ".members");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = Newest;
        var name = command.CreateParameter();
        (name.ParameterName, name.Value) = ("name", node);
        command.Parameters.Add(name);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? string.Create(CultureInfo.InvariantCulture, $"{reader.GetString(0)}: {(reader.IsDBNull(1) ? "no reason" : reader.GetString(1))}")
            : "no row";
    }
}
