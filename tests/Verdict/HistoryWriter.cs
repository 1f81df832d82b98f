using System.Buffers;
using System.Text.Json;

namespace AkkaScale.Tests.Verdict;

/// <summary>
/// Writes a history as JSON lines. Safe to share: a line is written whole. What a killed process leaves lacks its last line,
/// which the reader notices.
/// </summary>
public sealed class HistoryWriter : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Stream _stream;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;

    public HistoryWriter(Stream stream)
    {
        _stream = stream;
        _json = new Utf8JsonWriter(_line);
    }

    public void Write(RunInfo run) => Line("run", () =>
    {
        _json.WriteNumber("seed", run.Seed);
        _json.WriteString("store", run.Store);
        _json.WriteNumber("nodes", run.Nodes);
        _json.WriteNumber("entities", run.Entities);
        _json.WriteNumber("clients", run.Clients);
        _json.WriteString("startedAt", run.StartedAt);
    });

    public void Write(Operation operation) => Line("op", () =>
    {
        _json.WriteNumber("client", operation.Client);
        _json.WriteNumber("op", operation.Number);
        _json.WriteString("kind", HistoryWords.Of(operation.Kind));
        _json.WriteString("entity", operation.Entity);
        Optional("commandId", operation.CommandId);
        _json.WriteNumber("call", operation.Call);
        Optional("return", operation.Return);
        _json.WriteString("status", HistoryWords.Of(operation.Status));
        _json.WriteNumber("http", operation.Http);
        _json.WriteString("code", operation.Code);
        Optional("version", operation.Version);
        _json.WriteString("value", operation.Value);
        _json.WriteNumber("attempts", operation.Attempts);
    });

    public void Write(Fault fault) => Line("fault", () =>
    {
        _json.WriteString("name", fault.Name);
        _json.WriteString("target", fault.Target);
        _json.WriteNumber("begin", fault.Begin);
        _json.WriteNumber("end", fault.End);
        _json.WriteString("detail", fault.Detail);
        Optional("bound", fault.Bound);
    });

    public void Write(Effect effect) => Line("effect", () =>
    {
        _json.WriteString("fault", effect.Fault);
        _json.WriteString("target", effect.Target);
        _json.WriteBoolean("seen", effect.Seen);
        _json.WriteString("what", effect.What);
        Optional("begin", effect.Begin);
    });

    public void Write(NodeSample sample) => Line("sample", () =>
    {
        _json.WriteNumber("at", sample.At);
        _json.WriteString("node", sample.Node);
        _json.WriteBoolean("up", sample.Up);
        _json.WriteNumber("shards", sample.Shards);
        _json.WriteNumber("resident", sample.Resident);
        _json.WriteNumber("memoryBytes", sample.MemoryBytes);
    });

    public void Write(JournalRow row) => Line("journal", () =>
    {
        _json.WriteString("entity", row.Entity);
        _json.WriteNumber("sequence", row.Sequence);
        _json.WriteNumber("version", row.Version);
        _json.WriteBoolean("isEvent", row.IsEvent);
        Optional("commandId", row.CommandId);
        _json.WriteString("lease", row.Lease);
        _json.WriteNumber("epoch", row.Epoch);
        _json.WriteNumber("position", row.Position);
        _json.WriteString("type", row.Type);
        _json.WriteString("node", row.Node);
        _json.WriteString("value", row.Value);
    });

    public void Write(LeaseRow lease) => Line("lease", () =>
    {
        _json.WriteString("lease", lease.Lease);
        _json.WriteNumber("epoch", lease.Epoch);
    });

    /// <summary>The last line.</summary>
    /// <param name="at">Microseconds from the start of the run.</param>
    public void WriteEnd(long at)
    {
        Line("end", () => _json.WriteNumber("at", at));
        Flush();
    }

    public void Flush()
    {
        lock (_lock)
        {
            _stream.Flush();
        }
    }

    /// <summary>Flushes; the stream stays open.</summary>
    public void Dispose()
    {
        Flush();
        _json.Dispose();
    }

    private void Line(string type, Action properties)
    {
        lock (_lock)
        {
            _json.WriteStartObject();
            _json.WriteString("t", type);
            properties();
            _json.WriteEndObject();
            _json.Flush();
            _line.Write("\n"u8);
            _stream.Write(_line.WrittenSpan);
            _line.ResetWrittenCount();
            _json.Reset();
        }
    }

    private void Optional(string name, long? value)
    {
        if (value is { } number)
        {
            _json.WriteNumber(name, number);
        }
        else
        {
            _json.WriteNull(name);
        }
    }

    private void Optional(string name, Guid? value)
    {
        if (value is { } id)
        {
            _json.WriteString(name, id);
        }
        else
        {
            _json.WriteNull(name);
        }
    }
}
