using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace AkkaScale.Pbm.Traces;

/// <summary>Reads an activity trace: one JSON object a line, plain or compressed with gzip.</summary>
public static class TraceReader
{
    /// <exception cref="TraceFormatException">A line is not an action.</exception>
    /// <exception cref="InvalidDataException">The compressed stream is damaged.</exception>
    public static IEnumerable<TraceAction> ReadFile(string path, int limit = int.MaxValue)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        foreach (var action in Read(file, limit))
        {
            yield return action;
        }
    }

    /// <param name="stream">Seekable: compression is told from the first bytes, not from the name.</param>
    /// <param name="limit">At most this many lines are read.</param>
    public static IEnumerable<TraceAction> Read(Stream stream, int limit = int.MaxValue)
    {
        using var content = IsGzip(stream) ? new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true) : stream;
        using var reader = new StreamReader(content, new UTF8Encoding(false, throwOnInvalidBytes: false), true, 1 << 16);
        for (var line = 1; line <= limit && reader.ReadLine() is { } text; line++)
        {
            if (!string.IsNullOrWhiteSpace(text))
            {
                yield return Parse(line, text);
            }
        }
    }

    private static bool IsGzip(Stream stream)
    {
        var start = stream.Position;
        var gzip = stream.ReadByte() == 0x1f && stream.ReadByte() == 0x8b;
        stream.Position = start;
        return gzip;
    }

    private static TraceAction Parse(int line, string text)
    {
        TraceLine? parsed;
        try
        {
            parsed = JsonSerializer.Deserialize(text, TraceJson.Default.TraceLine);
        }
        catch (JsonException problem)
        {
            throw new TraceFormatException(line, problem.Message);
        }

        if (parsed is null)
        {
            throw new TraceFormatException(line, "null is not an action");
        }

        var kind = parsed.Action switch
        {
            "create" => TraceActionKind.Create,
            "edit" => TraceActionKind.Edit,
            "rename" => TraceActionKind.Rename,
            "close" => TraceActionKind.Close,
            _ => throw new TraceFormatException(line, "action is none of create, edit, rename, close"),
        };
        if (parsed.Title is null && kind is TraceActionKind.Create or TraceActionKind.Rename)
        {
            throw new TraceFormatException(line, $"a {parsed.Action} needs a title");
        }

        return new TraceAction(line, parsed.At, parsed.User, parsed.Project, parsed.Task, kind, parsed.Title);
    }
}
