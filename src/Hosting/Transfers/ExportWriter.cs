using System.Buffers;
using System.Text.Json;
using AkkaScale.Journal.Care;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;

namespace AkkaScale.Hosting.Transfers;

/// <summary>
/// Writes an export: one JSON document a line. First the header, then a row a line, last an "end" with the counts. Payloads stand as they were written, so that
/// they can be read; one with a line break in it stands in base64.
/// </summary>
internal sealed class ExportWriter(Stream output)
{
    private const int FlushAt = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt * 2);
    private ExportCounts _counts = ExportCounts.None;

    public Task HeaderAsync(ExportHeader header, CancellationToken cancellationToken) => LineAsync(
        json =>
        {
            json.WriteString("t", "header");
            json.WriteNumber("format", header.Format);
            json.WriteString("cluster", header.Cluster);
            json.WriteNumber("shards", header.ShardCount);
            json.WriteNumber("generation", header.Generation);
            json.WriteString("at", header.At);
        },
        cancellationToken);

    public Task RowAsync(StoreRow row, CancellationToken cancellationToken)
    {
        _counts = _counts.With(row);
        return LineAsync(json => Write(json, row), cancellationToken);
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await LineAsync(
            json =>
            {
                json.WriteString("t", "end");
                json.WriteNumber("events", _counts.Events);
                json.WriteNumber("results", _counts.Results);
            },
            cancellationToken);
        await FlushAsync(cancellationToken);
    }

    private static void Write(Utf8JsonWriter json, StoreRow row)
    {
        switch (row)
        {
            case StoreRow.Event { Row: var happened }:
                Event(json, happened);
                break;
            case StoreRow.Result { Row: var result }:
                json.WriteString("t", "result");
                Key(json, result.Entity);
                json.WriteString("command", result.CommandId);
                Hash(json, result.Hash);
                json.WriteNumber("nr", result.SequenceNr);
                json.WriteBase64String("answer", result.Answer.Span);
                json.WriteString("at", result.At);
                break;
        }
    }

    private static void Event(Utf8JsonWriter json, JournalEvent happened)
    {
        json.WriteString("t", "event");
        json.WriteNumber("shard", happened.Shard);
        Key(json, happened.Entity);
        json.WriteNumber("nr", happened.SequenceNr);
        json.WriteString("type", happened.EventType);
        json.WriteString("command", happened.CommandId);
        Hash(json, happened.CommandHash);
        if (!happened.Answer.IsEmpty)
        {
            json.WriteBase64String("answer", happened.Answer.Span);
        }

        json.WriteString("at", happened.At);
        if (happened.Payload.Span.IndexOfAny((byte)'\n', (byte)'\r') >= 0)
        {
            json.WriteBase64String("payload64", happened.Payload.Span);
        }
        else
        {
            json.WritePropertyName("payload");
            json.WriteRawValue(happened.Payload.Span, skipInputValidation: false);
        }
    }

    private static void Key(Utf8JsonWriter json, EntityKey key)
    {
        json.WriteString("kind", key.Kind);
        json.WriteString("id", key.Id);
    }

    private static void Hash(Utf8JsonWriter json, PayloadHash hash)
    {
        if (!hash.IsEmpty)
        {
            json.WriteBase64String("hash", hash.ToArray());
        }
    }

    private async Task LineAsync(Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        using (var json = new Utf8JsonWriter(_buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= FlushAt)
        {
            await FlushAsync(cancellationToken);
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        await output.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        await output.FlushAsync(cancellationToken);
        _buffer.ResetWrittenCount();
    }
}
