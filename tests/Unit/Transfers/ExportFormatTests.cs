using System.IO.Compression;
using System.Text;
using AkkaScale.Hosting.Transfers;
using AkkaScale.Journal.Care;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using AkkaScale.Tests.Unit.Pbm;

namespace AkkaScale.Tests.Unit.Transfers;

public sealed class ExportFormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_written_is_read(bool zipped)
    {
        var text = await Export.WriteAsync(Export.Rows);
        var path = Path.Combine(_folder.Path, "export");
        await File.WriteAllBytesAsync(path, zipped ? Zip(text) : text);

        using var reader = await ExportReader.OpenAsync(path, CancellationToken.None);
        var read = new List<StoreRow>();
        await foreach (var row in reader.RowsAsync(CancellationToken.None))
        {
            read.Add(row);
        }

        Assert.Equal(Export.Header, reader.Header);
        Assert.Equal(Export.Rows.Select(Text), read.Select(Text));
    }

    public static TheoryData<string, string> Damages => new()
    {
        { "cut", "cut short" },
        { "end taken away", "cut short" },
        { "a row taken away", "last line" },
        { "a line torn", "Line 3 cannot be read" },
        { "another sort", "does not know" },
        { "no header", "no export" },
        { "a newer format", "no export" },
        { "nothing", "Line 1 cannot be read" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_damaged_export_is_refused(string damage, string word)
    {
        var lines = Encoding.UTF8.GetString(await Export.WriteAsync(Export.Rows)).Split('\n')[..^1];
        var damaged = damage switch
        {
            "cut" => lines[..3],
            "end taken away" => lines[..^1],
            "a row taken away" => [.. lines[..2], .. lines[3..]],
            "a line torn" => [.. lines[..2], lines[2][..20], .. lines[3..]],
            "another sort" => [lines[0], "{\"t\":\"moon\"}", .. lines[1..]],
            "no header" => lines[1..],
            "a newer format" => [lines[0].Replace("\"format\":1", "\"format\":2", StringComparison.Ordinal), .. lines[1..]],
            _ => [""],
        };
        var path = _folder.Write("export", string.Join('\n', damaged));

        var refused = await Assert.ThrowsAsync<ExportException>(async () =>
        {
            using var reader = await ExportReader.OpenAsync(path, CancellationToken.None);
            await foreach (var row in reader.RowsAsync(CancellationToken.None))
            {
                Assert.NotNull(row);
            }
        });

        Assert.Contains(word, refused.Message, StringComparison.Ordinal);
    }

    private static byte[] Zip(byte[] text)
    {
        var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(text);
        }

        return zipped.ToArray();
    }

    /// <summary>All that a row holds but for position and epoch, which are given anew.</summary>
    private static string Text(StoreRow row) => row switch
    {
        StoreRow.Event { Row: var happened } => $"{happened.Shard} {happened.Entity} {happened.SequenceNr} {happened.EventType} {happened.CommandId} {happened.CommandHash} {happened.At:O} {Hex(happened.Payload)} {Hex(happened.Answer)}",
        StoreRow.Result { Row: var result } => $"{result with { Answer = default }} {Hex(result.Answer)}",
        _ => row.ToString(),
    };

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexString(bytes.Span);
}
