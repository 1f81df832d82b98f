using AkkaScale.Management.Logs;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Tests.Unit.Logs;

public sealed class LogRingTests
{
    private readonly LogRing _ring = new(TimeProvider.System);

    [Fact]
    public void The_latest_are_kept_and_what_was_pushed_out_is_counted()
    {
        Write(LogRing.Bound + 10);

        var (entries, latest, missed) = _ring.Read(3, LogLevel.Trace, 5);
        Assert.Equal([11L, 12, 13, 14, 15], entries.Select(entry => entry.Nr));
        Assert.Equal((LogRing.Bound + 10, 7L), (latest, missed));
        Assert.Equal(0, _ring.Read(10, LogLevel.Trace, 5).Missed);
        Assert.Empty(_ring.Read(latest, LogLevel.Trace, 5).Entries);
    }

    [Fact]
    public void Without_a_number_the_last_ones_come_and_only_of_the_level()
    {
        var logger = _ring.CreateLogger("AkkaScale.X");
        Say(logger, LogLevel.Information, "one");
        Say(logger, LogLevel.Warning, "two");
        Say(logger, LogLevel.Error, "three", new InvalidOperationException("because"));
        Say(logger, LogLevel.Information, "four");

        Assert.Equal(["three", "four"], _ring.Read(null, LogLevel.Trace, 2).Entries.Select(entry => entry.Message));
        var warnings = _ring.Read(null, LogLevel.Warning, 10).Entries;
        Assert.Equal(["two", "three"], warnings.Select(entry => entry.Message));
        Assert.Contains("because", warnings[1].Exception, StringComparison.Ordinal);
        Assert.Equal("AkkaScale.X", warnings[0].Source);
        Assert.Equal(["three"], _ring.Read(2, LogLevel.Warning, 10).Entries.Select(entry => entry.Message));
    }

    [Fact]
    public void Long_texts_are_cut()
    {
        Say(_ring.CreateLogger("x"), LogLevel.Error, new string('m', 100_000), new InvalidOperationException(new string('e', 100_000)));

        var entry = Assert.Single(_ring.Read(null, LogLevel.Trace, 1).Entries);
        Assert.InRange(entry.Message.Length, 1, 2_001);
        Assert.InRange(entry.Exception!.Length, 1, 4_001);
    }

    private void Write(int count)
    {
        var logger = _ring.CreateLogger("x");
        for (var number = 1; number <= count; number++)
        {
            Say(logger, LogLevel.Information, $"{number}");
        }
    }

    private static void Say(ILogger logger, LogLevel level, string text, Exception? cause = null) =>
        logger.Log(level, default, text, cause, static (said, _) => said);
}
