using System.IO.Compression;
using System.Text.Json;
using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.Transfers;

/// <summary>
/// Takes an export from a node as it comes and writes it to a file, which has its name only once the last line was there. The lines are the node's; only the first,
/// the last, and now and then one for the progress are looked into.
/// </summary>
internal sealed class ExportFile(string path, TimeProvider time)
{
    private const int LookEvery = 500;
    private const int LongestEdge = 64 * 1024;

    private readonly long _started = time.GetTimestamp();
    private readonly List<byte> _line = [];
    private string? _first;
    private string _last = "";
    private long _lines;
    private int _shard;

    public int ShardCount { get; private set; }

    public int ShardsDone => Volatile.Read(ref _shard);

    public long Lines => Interlocked.Read(ref _lines);

    /// <summary>Null until it is done.</summary>
    public ExportReport? Report { get; private set; }

    /// <exception cref="NodeUnreachableException">No node, or the answer was cut short; nothing is left behind.</exception>
    public async Task RunAsync(ManagementClient client, CancellationToken cancellation)
    {
        var partial = path + ".partial";
        try
        {
            await using (var file = File.Create(partial))
            {
                await using Stream output = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true) : file;
                await client.CopyAsync(
                    "/journal/export",
                    bytes =>
                    {
                        Look(bytes.Span);
                        return output.WriteAsync(bytes, cancellation);
                    },
                    cancellation).ConfigureAwait(false);
            }

            Report = Sum();
            File.Move(partial, path);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    /// <summary>Keeps every line just long enough to know whether it matters.</summary>
    private void Look(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            Keep(bytes[..end]);
            Ended();
            bytes = bytes[(end + 1)..];
        }

        Keep(bytes);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_line.Count < LongestEdge)
        {
            _line.AddRange(bytes[..Math.Min(bytes.Length, LongestEdge - _line.Count)]);
        }
    }

    private void Ended()
    {
        var number = Interlocked.Increment(ref _lines);
        if (_first is null)
        {
            _first = Text();
            ShardCount = Number(_first, "shards") is var count ? (int)count : 0;
        }
        else if (number % LookEvery == 0 && _line.Count < LongestEdge && Text() is var line && line.StartsWith("{\"t\":\"event\"", StringComparison.Ordinal))
        {
            Volatile.Write(ref _shard, (int)Number(line, "shard"));
        }

        // The last line is short; of a long one only the beginning was kept, which is no "end".
        _last = _line.Count < 1_000 ? Text() : "";
        _line.Clear();
    }

    private string Text() => System.Text.Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_line));

    private ExportReport Sum()
    {
        if (_first is null || !_last.StartsWith("{\"t\":\"end\"", StringComparison.Ordinal))
        {
            throw new NodeUnreachableException("the export was cut short: its last line did not come");
        }

        using var header = JsonDocument.Parse(_first);
        return new ExportReport(
            Path.GetFullPath(path), header.RootElement.GetProperty("cluster").GetString()!, ShardCount, header.RootElement.GetProperty("at").GetString()!,
            Number(_last, "events"), Number(_last, "results"),
            Math.Round(time.GetElapsedTime(_started).TotalSeconds, 3));
    }

    private static long Number(string line, string name)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty(name).GetInt64();
    }
}
