using AkkaScale.Node.Host;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaScale.Tests.Unit.Node;

public sealed class OperatorLogTests
{
    [Fact]
    public void An_entry_is_one_line_with_time_level_and_source()
    {
        var lines = Write(LogLevel.Warning, "Shard 3 stopped", null);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warn  Cluster: Shard 3 stopped$", Assert.Single(lines));
    }

    [Theory]
    [InlineData("a\nb", @"a\u000Ab")]
    [InlineData("red \u001b[31m", @"red \u001B[31m")]
    [InlineData("turned \u202e", @"turned \u202E")]
    [InlineData("two\u2028lines", @"two\u2028lines")]
    [InlineData("Grüße 漢", "Grüße 漢")]
    public void Text_of_callers_cannot_make_lines_or_steer_a_terminal(string message, string written) =>
        Assert.EndsWith(written, Assert.Single(Write(LogLevel.Information, message, null)));

    [Fact]
    public void An_exception_follows_on_lines_of_its_own()
    {
        var lines = Write(LogLevel.Error, "Failed", new InvalidOperationException("first\nsecond"));
        Assert.EndsWith("Failed", lines[0]);
        Assert.Equal(["    System.InvalidOperationException: first", "    second"], lines[1..]);
    }

    private static string[] Write(LogLevel level, string message, Exception? exception)
    {
        var writer = new StringWriter { NewLine = "\n" };
        new OperatorLog(TimeProvider.System).Write(
            new LogEntry<string>(level, "AkkaScale.Cluster", default, message, exception, (state, _) => state), null, writer);
        return writer.ToString().TrimEnd('\n').Split('\n');
    }
}
