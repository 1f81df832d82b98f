using System.Data;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyJournal.Events;
using AkkaScale.LegacySharding.Ports;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>
/// One lane: a connection of its own and a prepared statement for each form of a batch. No cancellation reaches a statement once it is sent; a timeout or a
/// broken connection is an unknown outcome, and the next append starts on a new connection.
/// </summary>
internal sealed partial class PostgresJournalWriter(
    PostgresConnections connections, Incarnation owner, int lane, string fenceClause, ILogger logger) : IJournalWriter
{
    private readonly AppendBatch _batch = new(owner.Value);
    private readonly Dictionary<int, bool> _locked = [];
    private NpgsqlConnection? _connection;
    private readonly NpgsqlCommand?[] _commands = new NpgsqlCommand?[Enum.GetValues<AppendForm>().Length];
    private bool _notReplicated;

    public async Task<SliceOutcome[]> AppendAsync(IReadOnlyList<ShardSlice> slices)
    {
        var outcomes = new SliceOutcome[slices.Count];
        var sendable = SliceCheck.Sendable(slices, outcomes);
        if (sendable.Count > 0)
        {
            await AppendAsync(slices, sendable, outcomes);
        }

        return outcomes;
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    // A definite error of the server says that a slice of the batch is guilty, not which: halves are tried until it stands alone.
    private async Task AppendAsync(IReadOnlyList<ShardSlice> slices, List<int> indices, SliceOutcome[] outcomes)
    {
        try
        {
            await ConnectAsync();
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error) || error is StoreUnavailableException)
        {
            await CloseAsync();
            Fill(outcomes, indices, new SliceOutcome(SliceStatus.Unavailable, error.Message));
            return;
        }

        try
        {
            await SendAsync(slices, indices, outcomes);
        }
        catch (PostgresException error) when (PostgresErrors.IsDefinite(error))
        {
            if (indices.Count == 1 || PostgresErrors.IsOfTheWholeStore(error))
            {
                Fill(outcomes, indices, PostgresErrors.OfSingleSlice(error));
                return;
            }

            LogSplit(logger, lane, indices.Count, error.SqlState, error.MessageText);
            var half = indices.Count / 2;
            await AppendAsync(slices, indices.GetRange(0, half), outcomes);
            await AppendAsync(slices, indices.GetRange(half, indices.Count - half), outcomes);
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error) || error is InvalidOperationException)
        {
            LogUnknown(logger, lane, indices.Count, error.Message);
            await CloseAsync();
            Fill(outcomes, indices, new SliceOutcome(SliceStatus.Unknown, error.Message));
        }
    }

    private async Task SendAsync(IReadOnlyList<ShardSlice> slices, List<int> indices, SliceOutcome[] outcomes)
    {
        _batch.Clear();
        foreach (var index in indices)
        {
            _batch.Add(slices[index]);
        }

        _locked.Clear();
        _notReplicated = false;
        var command = _commands[(int)_batch.Form] ??= await PrepareAsync(_batch.Form);
        await using (var reader = await command.ExecuteReaderAsync(CancellationToken.None))
        {
            while (await reader.ReadAsync(CancellationToken.None))
            {
                _locked[reader.GetInt32(0)] = reader.GetBoolean(1);
            }
        }

        // The transaction ends after the last row: only now is everything that the server had to say heard.
        foreach (var index in indices)
        {
            outcomes[index] = Outcome(slices[index]);
        }
    }

    private SliceOutcome Outcome(ShardSlice slice)
    {
        if (!_locked.TryGetValue(slice.Shard, out var written))
        {
            return new SliceOutcome(SliceStatus.Fenced, $"shard {slice.Shard} is not owned by {owner} at epoch {slice.Epoch}");
        }

        if (!written)
        {
            return new SliceOutcome(SliceStatus.HeadMismatch, $"shard {slice.Shard}: the journal does not end where the slice begins");
        }

        return _notReplicated
            ? new SliceOutcome(SliceStatus.Unknown, "committed here, but no replica has confirmed it")
            : new SliceOutcome(SliceStatus.Written, "");
    }

    private async Task ConnectAsync()
    {
        // The driver also gives up a connection after errors that it holds to be critical, a full disk among them.
        if (_connection is { State: ConnectionState.Open })
        {
            return;
        }

        await CloseAsync();
        _connection = await connections.OpenWriterAsync();
        _connection.Notice += (_, notice) => _notReplicated |= notice.Notice.SqlState == PostgresErrorCodes.Warning;
        _batch.Clear();
        foreach (var form in new[] { AppendForm.Events, AppendForm.Whole })
        {
            _commands[(int)form] = await PrepareAsync(form);
        }
    }

    private async Task<NpgsqlCommand> PrepareAsync(AppendForm form)
    {
        var command = new NpgsqlCommand(AppendSql.Of(form, fenceClause), _connection);
        _batch.Bind(command, form);
        await command.PrepareAsync(CancellationToken.None);
        return command;
    }

    private async Task CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            Array.Clear(_commands);
            await connection.DisposeAsync();
        }
    }

    private static void Fill(SliceOutcome[] outcomes, List<int> indices, SliceOutcome outcome)
    {
        foreach (var index in indices)
        {
            outcomes[index] = outcome;
        }
    }

    [LoggerMessage(EventId = 2301, Level = LogLevel.Warning,
        Message = "Lane {Lane}: the store turned down a batch of {Slices} shards ({SqlState} {Error}); it is sent again in halves")]
    private static partial void LogSplit(ILogger logger, int lane, int slices, string sqlState, string error);

    [LoggerMessage(EventId = 2302, Level = LogLevel.Warning,
        Message = "Lane {Lane}: the outcome of a batch of {Slices} shards is unknown: {Error}")]
    private static partial void LogUnknown(ILogger logger, int lane, int slices, string error);
}
