using System.Text.RegularExpressions;
using AkkaScale.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.EndToEnd.Scripts;

/// <summary>What the README promises a newcomer, done as a newcomer does it: run.sh, curl, pbm.</summary>
public abstract class RunScriptStory(string store, ITestOutputHelper output) : RunScript
{
    [Fact]
    public async Task A_cluster_started_by_the_script_does_what_it_says()
    {
        var started = Succeeded(await StartAsync("--store", store));
        Assert.Equal(3, CountOf(Succeeded(await RunAsync("--status")), " ready "));
        var printed = started.Output.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.StartsWith("curl ", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, printed.Count);
        await CurlLinesWorkAsync(printed);
        await CurlLinesWorkAsync(LinesOfTheReadMe());

        // A process with the role gateway alone answers for everything, too.
        var joined = Succeeded(await RunAsync("--gateway-only", "--detach"));
        var line = Assert.Single(joined.Output.Split('\n', StringSplitOptions.TrimEntries), line => line.StartsWith("curl ", StringComparison.Ordinal));
        Assert.Contains($":{GatewayPort + 3}/", line);
        await CurlLinesWorkAsync([line, .. printed.Select(each => Regex.Replace(each, @"localhost:\d+", $"localhost:{GatewayPort + 3}"))]);
        Assert.Contains("\"roles\":[\"gateway\"]", await MembersAsync());

        await TraceLoadsAndVerifiesAsync();

        var again = await StartAsync("--store", store);
        Assert.Equal(3, again.ExitCode);
        Assert.Contains("runs already", again.Error);

        Succeeded(await RunAsync("--stop"));
        Assert.Equal(3, (await RunAsync("--status")).ExitCode);
    }

    /// <summary>With the ports of this cluster.</summary>
    private IEnumerable<string> LinesOfTheReadMe()
    {
        var lines = ReadMe.Commands().Where(command => command.StartsWith("curl ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lines);
        return lines.Select(line => Enumerable.Range(0, 3).Aggregate(line, (here, node) => here
            .Replace($":{8080 + node}/", $":{GatewayPort + node}/", StringComparison.Ordinal)
            .Replace($":{8558 + node}/", $":{ManagementPort + node}/", StringComparison.Ordinal)));
    }

    private async Task CurlLinesWorkAsync(IEnumerable<string> lines)
    {
        // An error status fails the line, without a word in the line itself.
        await File.WriteAllTextAsync(Path.Combine(Folder.FullName, ".curlrc"), "silent\nshow-error\nfail-with-body\nmax-time = 20\n");
        foreach (var line in lines)
        {
            var run = await ProgramRun.ExecuteAsync("bash", ["-c", line], Bound, new Dictionary<string, string> { ["CURL_HOME"] = Folder.FullName });
            output.WriteLine($"{line}\n{run}");
            Assert.True(run.ExitCode == 0, $"{line}\n{run}");
        }
    }

    private async Task TraceLoadsAndVerifiesAsync()
    {
        var trace = Path.Combine(Folder.FullName, "trace.jsonl");
        SmallTrace.Write(trace);
        var gateways = string.Join(',', Enumerable.Range(GatewayPort, 3).Select(port => $"http://127.0.0.1:{port}"));
        var load = await PbmAsync("load", trace, "--verify", "--gateway", gateways);
        output.WriteLine(load.ToString());
        Succeeded(load);
        Succeeded(await PbmAsync("journal", "verify"));
    }
}

public sealed class SqliteRunScriptTests(ITestOutputHelper output) : RunScriptStory(TestStore.Sqlite, output);

public sealed class PostgresRunScriptTests(ITestOutputHelper output) : RunScriptStory(TestStore.Postgres, output);
