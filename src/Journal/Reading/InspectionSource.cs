using System.Data.Common;

namespace AkkaScale.Journal.Reading;

/// <summary>Connections for <see cref="JournalInspection"/>, and the little in which the two stores' SQL differs.</summary>
/// <param name="Begin">Begins a transaction that sees one moment and keeps nobody from writing.</param>
/// <param name="KindOf">The part of <c>persistence_id</c> before its first hyphen.</param>
/// <param name="Listed">The entries of the parameter <c>@ids</c>, a JSON array of texts, as rows of one column.</param>
internal sealed record InspectionSource(
    Func<DbConnection> Create, Func<DbConnection, DbTransaction> Begin, string KindOf, string Listed)
{
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = Create();
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public DbCommand Command(DbConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        // It may read the whole journal.
        command.CommandTimeout = 0;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
