using AkkaScale.Pbm.Invocation;
using AkkaScale.TestKit;

namespace AkkaScale.Tests.Unit.Pbm;

public sealed class LogCommandTests
{
    [Fact]
    public async Task A_tail_goes_on_after_what_it_has_and_survives_a_restart_of_the_node()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/nodes/node-2/log?level=warning&limit=2"] = Log("u1", 7, 0, (7, "slow \\u001b[2J"));
        stub.Answers["/nodes/node-2/log?level=warning&after=7&limit=500"] = Log("u1", 9, 1, (9, "slower"));
        stub.Answers["/nodes/node-2/log?level=warning&after=9&limit=500"] = Log("u2", 1, 0);
        stub.Answers["/nodes/node-2/log?level=warning&after=0&limit=500"] = Log("u2", 1, 0, (1, "begun again"));
        stub.Answers["/nodes/node-2/log?level=warning&after=1&limit=500"] = Log("u2", 1, 0);
        using var pbm = PbmProcess.Start("log", "tail", "node-2", "--level", "warning", "--last", "2", "--node", stub.Address);
        await Eventually.Holds(
            "it asks after the new life's first entry", TimeSpan.FromSeconds(60),
            () => stub.Requests.Any(request => request.Contains("after=1&", StringComparison.Ordinal)) ? null : string.Join(' ', stub.Requests));

        await pbm.InterruptAsync();
        var (exit, output, errors) = await pbm.EndAsync();

        Assert.Equal(0, exit);
        Assert.Equal([@"slow \u{1b}[2J", "slower", "begun again"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..]));
        Assert.Contains("Sharding.X: slow", output, StringComparison.Ordinal);
        Assert.Contains("1 entry was no longer kept", errors, StringComparison.Ordinal);
        Assert.Contains("node-2 was started again", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_level_is_ordered_for_a_time_with_who_and_why_and_can_be_taken_back()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/nodes/node-2/log/level"] = """{"node":"node-2","source":"AkkaScale","level":"debug","until":"2026-03-01T12:10:00+00:00"}""";

        var (exit, output, errors) = await PbmProcess.RunAsync(
            "log", "level", "node-2", "debug", "--for", "5m", "--reason", "slow moves", "--by", "ada", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Equal("node-2 logs AkkaScale from debug on until 2026-03-01 12:10:00 UTC, then as configured\n", output);
        var sent = stub.Requests.Last();
        Assert.StartsWith("POST /nodes/node-2/log/level", sent, StringComparison.Ordinal);
        Assert.Contains("\"level\": \"debug\"", sent, StringComparison.Ordinal);
        Assert.Contains("\"seconds\": 300", sent, StringComparison.Ordinal);
        Assert.Contains("\"by\": \"ada\"", sent, StringComparison.Ordinal);

        stub.Answers["/nodes/node-2/log/level"] = """{"node":"node-2","source":null,"level":null,"until":null}""";
        Assert.Equal("node-2 logs as configured\n", (await PbmProcess.RunAsync("log", "level", "node-2", "configured", "--by", "ada", "--node", stub.Address)).Output);
        Assert.Contains("\"level\": null", stub.Requests.Last(), StringComparison.Ordinal);
        await PbmProcess.RunAsync("log", "level", "node-2", "--node", stub.Address);
        Assert.StartsWith("GET ", stub.Requests.Last(), StringComparison.Ordinal);
        Assert.Equal(2, (await PbmProcess.RunAsync("log", "level", "node-2", "loud", "--node", stub.Address)).ExitCode);
        Assert.Equal(2, (await PbmProcess.RunAsync("log", "level", "node-2", "debug", "--for", "ever", "--node", stub.Address)).ExitCode);
    }

    [Theory]
    [InlineData("30s", 30)]
    [InlineData("10m", 600)]
    [InlineData("2h", 7_200)]
    [InlineData("45", 45)]
    [InlineData("0m", null)]
    [InlineData("m", null)]
    [InlineData("", null)]
    [InlineData("-1m", null)]
    [InlineData("1d", null)]
    public void A_time_is_a_number_with_its_unit(string text, int? seconds) =>
        Assert.Equal(seconds is { } known ? TimeSpan.FromSeconds(known) : null, Duration.Parse(text));

    private static string Log(string life, long latest, long missed, params (long Nr, string Message)[] entries) => $$"""
        {"node":"node-2","nodeUid":"{{life}}","entries":[{{string.Join(',', entries.Select(entry => $$"""
            {"nr":{{entry.Nr}},"at":"2026-03-01T12:00:00+00:00","level":"warning","source":"AkkaScale.Sharding.X","message":"{{entry.Message}}","exception":null}
            """))}}],"latest":{{latest}},"missed":{{missed}}}
        """;
}
