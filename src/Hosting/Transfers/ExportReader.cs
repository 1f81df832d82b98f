using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AkkaScale.Journal.Care;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;

namespace AkkaScale.Hosting.Transfers;

/// <summary>Reads what <see cref="ExportWriter"/> wrote, plain or gzip.</summary>
internal sealed class ExportReader : IDisposable
{
    private const int Format = 1;

    private readonly StreamReader _lines;
    private long _line;

    private ExportReader(StreamReader lines) => _lines = lines;

    public ExportHeader Header { get; private set; } = new(0, "", 0, 0, default);

    /// <exception cref="ExportException">It is no export.</exception>
    public static async Task<ExportReader> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var reader = new ExportReader(new StreamReader(Open(path), new UTF8Encoding(false, throwOnInvalidBytes: true)));
        try
        {
            reader.Header = await reader.HeaderAsync(cancellationToken);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <exception cref="ExportException">A line cannot be read, or the file was cut short.</exception>
    public async IAsyncEnumerable<StoreRow> RowsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var counts = ExportCounts.None;
        while (await NextAsync(cancellationToken) is { } line)
        {
            if (Row(line) is { } row)
            {
                counts = counts.With(row);
                yield return row;
                continue;
            }

            Expect(Counts(line), counts);
            yield break;
        }

        throw new ExportException($"The export ends after line {_line} without its last line: it was cut short.");
    }

    public void Dispose() => _lines.Dispose();

    private static Stream Open(string path)
    {
        var file = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[2];
        var isZipped = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1f, 0x8b];
        file.Position = 0;
        return isZipped ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private async Task<ExportHeader> HeaderAsync(CancellationToken cancellationToken)
    {
        var line = await NextAsync(cancellationToken);
        return Parse(line ?? "", json => json.GetProperty("t").GetString() == "header" && json.GetProperty("format").GetInt32() == Format
            ? new ExportHeader(
                Format, json.GetProperty("cluster").GetString()!, json.GetProperty("shards").GetInt32(), json.GetProperty("generation").GetInt64(),
                json.GetProperty("at").GetDateTimeOffset())
            : throw new ExportException("This is no export of a journal, or one of a newer program."));
    }

    private async Task<string?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            _line++;
            return await _lines.ReadLineAsync(cancellationToken);
        }
        catch (Exception broken) when (broken is InvalidDataException or DecoderFallbackException)
        {
            throw new ExportException($"The export cannot be read at line {_line}: {broken.Message}");
        }
    }

    private void Expect(ExportCounts said, ExportCounts seen)
    {
        if (said != seen)
        {
            throw new ExportException($"The export's last line, {_line}, says {said}, but there were {seen}.");
        }
    }

    /// <summary>Null: the last line.</summary>
    private StoreRow? Row(string line) => Parse<StoreRow?>(line, json => json.GetProperty("t").GetString() switch
    {
        "event" => new StoreRow.Event(Event(json)),
        "result" => new StoreRow.Result(new StoredResult(
            Key(json), json.GetProperty("command").GetGuid(), Hash(json), json.GetProperty("nr").GetInt64(), json.GetProperty("answer").GetBytesFromBase64(),
            json.GetProperty("at").GetDateTimeOffset())),
        "end" => null,
        var other => throw new ExportException($"Line {_line} is of a sort that this program does not know: {other}."),
    });

    private ExportCounts Counts(string line) => Parse(line, json => new ExportCounts(
        json.GetProperty("events").GetInt64(), json.GetProperty("results").GetInt64()));

    private static JournalEvent Event(JsonElement json) => new(
        json.GetProperty("shard").GetInt32(), Position: 0, Epoch: 0, Key(json), json.GetProperty("nr").GetInt64(), json.GetProperty("type").GetString()!,
        json.TryGetProperty("payload", out var payload) ? Encoding.UTF8.GetBytes(payload.GetRawText()) : json.GetProperty("payload64").GetBytesFromBase64(),
        json.GetProperty("command").GetGuid(), Hash(json), json.TryGetProperty("answer", out var answer) ? answer.GetBytesFromBase64() : default,
        json.GetProperty("at").GetDateTimeOffset());

    private static EntityKey Key(JsonElement json) => new(json.GetProperty("kind").GetString()!, json.GetProperty("id").GetString()!);

    private static PayloadHash Hash(JsonElement json) =>
        json.TryGetProperty("hash", out var hash) ? PayloadHash.FromBytes(hash.GetBytesFromBase64()) : default;

    private T Parse<T>(string line, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return read(document.RootElement);
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ExportException($"Line {_line} cannot be read: {wrong.Message}");
        }
    }
}
