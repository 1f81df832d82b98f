using AkkaScale.Journal.Writing;
using Npgsql;
using NpgsqlTypes;

namespace AkkaScale.Journal.Postgres;

/// <summary>
/// A prepared <see cref="AppendSql"/> on one connection. Its lists live as long as it does and are filled anew for each batch.
/// </summary>
internal sealed class AppendCommand : IDisposable
{
    private readonly NpgsqlCommand _command;
    private readonly bool _tagged;
    private readonly List<string?> _sliceLease = [];
    private readonly List<long> _sliceEpoch = [];
    private readonly List<int> _slice = [];
    private readonly List<long> _created = [];
    private readonly List<string> _persistenceId = [];
    private readonly List<long> _sequenceNr = [];
    private readonly List<byte[]> _message = [];
    private readonly List<int> _identifier = [];
    private readonly List<string> _manifest = [];
    private readonly List<string?> _lease = [];
    private readonly List<long?> _epoch = [];
    private readonly List<string?> _commandId = [];
    private readonly List<string> _taggedId = [];
    private readonly List<long> _taggedNr = [];
    private readonly List<string> _tag = [];

    public AppendCommand(NpgsqlConnection connection, AppendNames names, string held, bool tagged, TimeSpan timeout)
    {
        _tagged = tagged;
        _command = new NpgsqlCommand(AppendSql.Text(held, tagged), connection) { CommandTimeout = (int)timeout.TotalSeconds };
        var parameters = _command.Parameters;
        parameters.Add(Text(_sliceLease));
        parameters.Add(Array(_sliceEpoch, NpgsqlDbType.Bigint));
        parameters.Add(new NpgsqlParameter<string> { TypedValue = names.Cluster, NpgsqlDbType = NpgsqlDbType.Text });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = names.Owner, NpgsqlDbType = NpgsqlDbType.Text });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = names.Writer, NpgsqlDbType = NpgsqlDbType.Text });
        parameters.Add(Array(_slice, NpgsqlDbType.Integer));
        parameters.Add(Array(_created, NpgsqlDbType.Bigint));
        parameters.Add(Text(_persistenceId));
        parameters.Add(Array(_sequenceNr, NpgsqlDbType.Bigint));
        parameters.Add(Array(_message, NpgsqlDbType.Bytea));
        parameters.Add(Array(_identifier, NpgsqlDbType.Integer));
        parameters.Add(Text(_manifest));
        parameters.Add(Text(_lease));
        parameters.Add(Array(_epoch, NpgsqlDbType.Bigint));
        parameters.Add(Text(_commandId));
        if (tagged)
        {
            parameters.Add(Text(_taggedId));
            parameters.Add(Array(_taggedNr, NpgsqlDbType.Bigint));
            parameters.Add(Text(_tag));
        }
    }

    public void Prepare() => _command.Prepare();

    /// <summary>For each slice of the batch whether its lease was held.</summary>
    public bool[] Execute(Batch batch)
    {
        Clear();
        foreach (var slice in batch.Slices)
        {
            _sliceLease.Add(slice.Lease);
            _sliceEpoch.Add(slice.Epoch);
        }

        for (var request = 0; request < batch.Requests.Length; request++)
        {
            Add(batch.Requests[request], batch.SliceOf(request) + 1);
        }

        return (bool[])_command.ExecuteScalar()!;
    }

    public void Dispose() => _command.Dispose();

    private void Add(WriteRequest request, int slice)
    {
        foreach (var row in request.Rows)
        {
            _slice.Add(slice);
            _created.Add(row.Created);
            _persistenceId.Add(request.PersistenceId);
            _sequenceNr.Add(row.SequenceNr);
            _message.Add(row.Message);
            _identifier.Add(row.Identifier);
            _manifest.Add(row.Manifest);
            _lease.Add(request.Slice.Lease);
            _epoch.Add(request.Slice.IsFenced ? request.Slice.Epoch : null);
            _commandId.Add(row.CommandId);
            if (_tagged)
            {
                AddTags(request.PersistenceId, row);
            }
        }
    }

    private void AddTags(string persistenceId, JournalRow row)
    {
        foreach (var tag in row.Tags)
        {
            _taggedId.Add(persistenceId);
            _taggedNr.Add(row.SequenceNr);
            _tag.Add(tag);
        }
    }

    private void Clear()
    {
        _sliceLease.Clear();
        _sliceEpoch.Clear();
        _slice.Clear();
        _created.Clear();
        _persistenceId.Clear();
        _sequenceNr.Clear();
        _message.Clear();
        _identifier.Clear();
        _manifest.Clear();
        _lease.Clear();
        _epoch.Clear();
        _commandId.Clear();
        _taggedId.Clear();
        _taggedNr.Clear();
        _tag.Clear();
    }

    private static NpgsqlParameter<List<T>> Array<T>(List<T> values, NpgsqlDbType element) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element };

    private static NpgsqlParameter<List<T>> Text<T>(List<T> values) => Array(values, NpgsqlDbType.Text);
}
