using System.Text;
using AkkaScale.Tests.Verdict;
using Xunit;

namespace AkkaScale.Tests.Unit.Verdict;

public sealed class HistoryReaderTests
{
    private const string Run = """{"t":"run","seed":1,"store":"postgres","nodes":3,"entities":200,"clients":16,"startedAt":"2026-01-01T00:00:00Z"}""";
    private const string Op = """{"t":"op","client":3,"op":17,"kind":"read","entity":"task-12","commandId":null,"call":1,"return":2,"status":"ok"}""";
    private const string End = """{"t":"end","at":150000000}""";

    [Fact]
    public void What_is_written_is_read_again()
    {
        var history = RandomRun.Of(1, 500) with
        {
            Faults = [new("kill -9", "node-2", 1, 2, "pid 7") { Bound = 9 }, new("slow fsync", "", 3, 4, "")],
            Effects = [new("kill -9", "node-2", true, "21 epochs raised") { Begin = 1 }, new("slow fsync", "", false, "")],
            Samples = [new(5, "node-1", true, 21, 100, 1 << 20)],
        };
        var operation = history.Operations[0] with { Value = "„quoted” \"text\"\n", Code = "task/already-done", Attempts = 3 };
        history = history with { Operations = [operation, .. history.Operations.Skip(1)] };

        var read = History.Read(Written(history));

        Assert.Equal(history.Run, read.Run);
        Assert.Equal(history.Operations, read.Operations);
        Assert.Equal(history.Faults, read.Faults);
        Assert.Equal(history.Effects, read.Effects);
        Assert.Equal(history.Samples, read.Samples);
        Assert.Equal(history.Journal, read.Journal);
        Assert.Equal(history.Leases, read.Leases);
        Assert.Equal(history.End, read.End);
    }

    [Fact]
    public void Lines_may_come_in_pieces_and_be_longer_than_a_buffer()
    {
        var text = string.Join('\n', Run, Op, Op.Replace("\"ok\"", $"\"ok\",\"value\":\"{new string('x', 300_000)}\""), End);
        var history = History.Read(new OneByteAtATime(Encoding.UTF8.GetBytes(text)));
        Assert.Equal([null, 300_000], history.Operations.Select(operation => operation.Value?.Length));
    }

    [Fact]
    public void What_a_later_writer_adds_is_skipped()
    {
        var history = Read(Run, Op.Replace("\"client\"", "\"weather\":{\"rain\":[1,2]},\"client\""), "", End);
        Assert.Equal(3, Assert.Single(history.Operations).Client);
    }

    [Theory]
    [InlineData("""{"t":"op","client":3,"op":1""", "Line 2 of the history")]
    [InlineData("nonsense", "Line 2 of the history")]
    [InlineData("[]", "Line 2 of the history: it is no JSON object")]
    [InlineData("""{"client":3,"t":"op"}""", "its first property must be \"t\"")]
    [InlineData("""{"t":"weather"}""", "its type is \"weather\", which is none")]
    [InlineData("""{"t":"op","client":3}""", "it lacks the property \"op\"")]
    [InlineData("""{"t":"op","client":"3"}""", "its property \"client\" must be a whole number")]
    [InlineData("""{"t":"op","client":1.5}""", "its property \"client\" must be a whole number")]
    [InlineData("""{"t":"op","kind":"delete"}""", "its property \"kind\" must be \"read\" or \"write\"")]
    [InlineData("""{"t":"op","status":"fine"}""", "its property \"status\" must be a status")]
    [InlineData("""{"t":"op","commandId":"one"}""", "its property \"commandId\" must be a UUID or null")]
    [InlineData("""{"t":"op","client":1,"op":1,"kind":"write","entity":"e","call":1,"status":"ok"}""", "it lacks the property \"commandId\"")]
    [InlineData("""{"t":"op","client":1,"op":1,"kind":"read","entity":"e","call":5,"return":4,"status":"ok"}""", "returns at 4, before it is called at 5")]
    [InlineData("""{"t":"fault","name":"kill","begin":5,"end":4}""", "ends at 4, before it begins at 5")]
    [InlineData("""{"t":"effect","fault":"kill","seen":1}""", "its property \"seen\" must be true or false")]
    [InlineData("""{"t":"end","at":1} {}""", "Line 2 of the history")]
    public void A_damaged_line_is_named(string line, string message)
    {
        var damage = Assert.Throws<HistoryException>(() => Read(Run, line, End));
        Assert.Contains(message, damage.Message);
        Assert.Equal(2, damage.Line);
    }

    [Fact]
    public void A_history_that_does_not_begin_or_end_as_it_should_is_refused()
    {
        Assert.Contains("it is empty", Assert.Throws<HistoryException>(() => Read()).Message);
        Assert.Contains("the first line must be", Assert.Throws<HistoryException>(() => Read(Op, End)).Message);
        Assert.Contains("Line 3 of the history: a second line of type \"run\"", Assert.Throws<HistoryException>(() => Read(Run, Op, Run)).Message);
        Assert.Contains("Line 3 of the history: it comes after the line \"end\"", Assert.Throws<HistoryException>(() => Read(Run, End, Op)).Message);
        Assert.Contains("whoever wrote it did not finish", Assert.Throws<HistoryException>(() => Read(Run, Op)).Message);
    }

    internal static MemoryStream Written(History history)
    {
        var stream = new MemoryStream();
        using (var writer = new HistoryWriter(stream))
        {
            writer.Write(history.Run);
            foreach (var operation in history.Operations)
            {
                writer.Write(operation);
            }

            foreach (var fault in history.Faults)
            {
                writer.Write(fault);
            }

            foreach (var effect in history.Effects)
            {
                writer.Write(effect);
            }

            foreach (var sample in history.Samples)
            {
                writer.Write(sample);
            }

            foreach (var lease in history.Leases)
            {
                writer.Write(lease);
            }

            foreach (var row in history.Journal)
            {
                writer.Write(row);
            }

            writer.WriteEnd(history.End);
        }

        stream.Position = 0;
        return stream;
    }

    private static History Read(params string[] lines) => History.Read(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines))));

    private sealed class OneByteAtATime(byte[] content) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));
    }
}
