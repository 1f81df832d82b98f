using AkkaScale.Cluster.Postgres;
using AkkaScale.Journal.Writing;
using Npgsql;

namespace AkkaScale.Journal.Postgres;

/// <summary>Writes batches on one connection and, when that breaks, finds out on another what became of the last one.</summary>
internal sealed class PostgresBatchWriter(
    NpgsqlDataSource source, AppendNames names, string held, TimeSpan timeout) : IBatchWriter
{
    private WriteSession? _session;
    private Backend? _lastBackend;

    public void Open()
    {
        try
        {
            Session().Prepare(tagged: false);
        }
        catch
        {
            Close();
            throw;
        }
    }

    public WriteOutcome Write(Batch batch)
    {
        AppendCommand command;
        try
        {
            command = Session().Prepare(HasTags(batch));
        }
        catch (Exception error)
        {
            Close();
            return new WriteOutcome.NotSent(error);
        }

        try
        {
            if (_session!.Execute(command, batch) is { } answer)
            {
                return new WriteOutcome.Answered(answer);
            }

            Leave();
            return new WriteOutcome.Unknown(null);
        }
        catch (Exception error)
        {
            var outcome = PostgresErrors.Classify(error);
            if (outcome is WriteOutcome.Unknown)
            {
                Leave();
            }
            else if (outcome is WriteOutcome.NotSent)
            {
                Close();
            }

            return outcome;
        }
    }

    public SettleOutcome Settle(Batch batch)
    {
        try
        {
            using var connection = source.OpenConnection();
            return new SettleOutcome(Settlement.Run(connection, _lastBackend!, batch, names.Writer, timeout));
        }
        catch (Exception error)
        {
            return new SettleOutcome(null, error);
        }
    }

    public void Dispose() => Close();

    private WriteSession Session() =>
        _session ??= WriteSession.Open(source, (connection, tagged) => new AppendCommand(connection, names, held, tagged, timeout));

    private static bool HasTags(Batch batch) =>
        Array.Exists(batch.Requests, request => Array.Exists(request.Rows, row => row.Tags.Count > 0));

    private void Leave()
    {
        _lastBackend = _session!.Backend;
        Close();
    }

    private void Close()
    {
        _session?.Dispose();
        _session = null;
    }
}
