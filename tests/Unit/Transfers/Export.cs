using System.Text;
using AkkaScale.Hosting.Transfers;
using AkkaScale.Journal.Care;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;

namespace AkkaScale.Tests.Unit.Transfers;

/// <summary>A small export with a row of every sort, hostile text included.</summary>
internal static class Export
{
    public static readonly DateTimeOffset At = new(2026, 3, 1, 3, 0, 0, 123, 456, TimeSpan.Zero);

    public static readonly ExportHeader Header = new(1, "test", 4, 0, At);

    public static readonly IReadOnlyList<StoreRow> Rows =
    [
        new StoreRow.Event(Event("t-1", 1, """{"title":"ä \u001b \" </script>"}""")),
        new StoreRow.Event(Event("t-1", 2, "{\n\"lines\": 2}")),
        new StoreRow.Event(Event("t-2", 1, "{}")),
        new StoreRow.Result(new StoredResult(new EntityKey("task", "t-1"), Id(9), Hash(9), 2, "refused"u8.ToArray(), At)),
    ];

    public static JournalEvent Event(string id, long sequenceNr, string payload) => new(
        1, sequenceNr, 1, new EntityKey("task", id), sequenceNr, "created@2", Encoding.UTF8.GetBytes(payload), Id((int)sequenceNr), Hash((byte)sequenceNr),
        "answer"u8.ToArray(), At);

    public static async Task<byte[]> WriteAsync(IEnumerable<StoreRow> rows)
    {
        var output = new MemoryStream();
        var writer = new ExportWriter(output);
        await writer.HeaderAsync(Header, CancellationToken.None);
        foreach (var row in rows)
        {
            await writer.RowAsync(row, CancellationToken.None);
        }

        await writer.EndAsync(CancellationToken.None);
        return output.ToArray();
    }

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    private static PayloadHash Hash(byte number) => PayloadHash.FromBytes([.. Enumerable.Repeat(number, PayloadHash.Length)]);
}
