using System.Data.Common;
using Akka.Actor;
using Akka.Configuration;

namespace AkkaScale.Tests.Journal.Plugins;

/// <summary>A journal and a snapshot store on an empty database of their own, for one test class.</summary>
public abstract class PluginUnderTest : IAsyncLifetime
{
    /// <summary>As the list of deviations names it.</summary>
    public abstract string Name { get; }

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    /// <summary>A new ActorSystem on the plugin's database; several may run at a time.</summary>
    /// <param name="settings">What goes before the plugin's own settings.</param>
    public abstract ActorSystem Start(string name, Config settings);

    /// <summary>A connection past the plugin, to see and to spoil what it wrote.</summary>
    public abstract Task<DbConnection> OpenAsync();

    public async Task<int> ExecuteAsync(string sql, params (string Name, object Value)[] parameters)
    {
        await using var connection = await OpenAsync();
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<List<object?[]>> QueryAsync(string sql, params (string Name, object Value)[] parameters)
    {
        await using var connection = await OpenAsync();
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object?[]>();
        while (await reader.ReadAsync())
        {
            var row = new object?[reader.FieldCount];
            reader.GetValues(row!);
            rows.Add(row);
        }

        return rows;
    }

    private static DbCommand Command(DbConnection connection, string sql, (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
