using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>What the README promises a newcomer, done as a newcomer does it: run.sh, curl, pbm.</summary>
public sealed class RunScriptTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkascale-run-");
    private readonly int _gateway = FreePorts.TakeConsecutive(4);
    private readonly int _management = FreePorts.TakeConsecutive(4);
    private readonly int _cluster = FreePorts.TakeConsecutive(4);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await RunAsync("--stop");
        // As root the private PostgreSQL runs as nobody, who cannot reach a private temporary directory: the script says where it went.
        var elsewhere = Path.Combine(_directory.FullName, "postgres.dir");
        if (File.Exists(elsewhere))
        {
            Directory.Delete(await File.ReadAllTextAsync(elsewhere), recursive: true);
        }

        _directory.Delete(recursive: true);
    }

    [Theory]
    [InlineData(TestStore.Sqlite)]
    [InlineData(TestStore.Postgres)]
    public async Task A_cluster_started_by_the_script_does_what_the_readme_says(string store)
    {
        Succeeded(await StartAsync("--store", store));
        var status = Succeeded(await RunAsync("--status"));
        Assert.Equal(3, status.Output.Split('\n').Count(line => line.StartsWith("node-", StringComparison.Ordinal) && line.Contains(" ready ")));

        await CurlLinesOfTheReadMeWorkAsync();
        await TraceLoadsAndVerifiesAsync();

        var again = await StartAsync("--store", store);
        Assert.Equal(3, again.ExitCode);
        Assert.Contains("runs already", again.Error);

        Succeeded(await RunAsync("--stop"));
        Assert.Equal(3, (await RunAsync("--status")).ExitCode);
    }

    [Fact]
    public async Task A_node_joins_and_a_killed_one_starts_again_by_script()
    {
        Succeeded(await StartAsync());
        Succeeded(await RunAsync("--join", "--detach"));

        using (var victim = System.Diagnostics.Process.GetProcessById(ProcessOf("node-2")))
        {
            victim.Kill();
        }

        await Eventually.Holds("the script sees that node-2 has ended", Bound, async () =>
            (await RunAsync("--status")).Output is var seen && seen.Split('\n').Any(line => line.StartsWith("node-2", StringComparison.Ordinal) && line.Contains(" ended ")) ? null : seen);
        Succeeded(await RunAsync("--start", "node-2"));

        var status = Succeeded(await RunAsync("--status"));
        Assert.Equal(4, status.Output.Split('\n').Count(line => line.Contains(" ready ")));
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, _management + 1);
        listener.Start();

        var run = await StartAsync();

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"port {_management + 1} (management of node-2) is in use", run.Error);
    }

    [Fact]
    public async Task A_start_that_fails_shows_what_the_log_says_and_leaves_nothing_running()
    {
        var run = await StartAsync("--nodes", "1", "--", "--shards", "0");

        Assert.Equal(64, run.ExitCode);
        Assert.Contains("Cluster:ShardCount", run.Error);
        Assert.Equal(3, (await RunAsync("--status")).ExitCode);
    }

    private async Task CurlLinesOfTheReadMeWorkAsync()
    {
        var lines = ReadMe.Commands().Where(command => command.StartsWith("curl ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lines);
        // An error status fails the line, without a word in the line itself.
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, ".curlrc"), "silent\nshow-error\nfail-with-body\nmax-time = 20\n");
        foreach (var line in lines)
        {
            var here = line;
            for (var node = 0; node < 3; node++)
            {
                here = here.Replace($":{8080 + node}/", $":{_gateway + node}/", StringComparison.Ordinal)
                    .Replace($":{8558 + node}/", $":{_management + node}/", StringComparison.Ordinal);
            }

            var run = await ProgramRun.ExecuteAsync("bash", ["-c", here], Bound, new Dictionary<string, string> { ["CURL_HOME"] = _directory.FullName });
            output.WriteLine($"{here}\n{run}");
            Assert.True(run.ExitCode == 0, $"{line}\n{run}");
        }
    }

    private async Task TraceLoadsAndVerifiesAsync()
    {
        var trace = Path.Combine(_directory.FullName, "trace.jsonl");
        SmallTrace.Write(trace);
        var gateways = string.Join(',', Enumerable.Range(_gateway, 3).Select(port => $"http://127.0.0.1:{port}"));
        var load = await PbmAsync("load", trace, "--verify", "--gateway", gateways);
        output.WriteLine(load.ToString());
        Succeeded(load);
        Succeeded(await PbmAsync("journal", "verify"));
    }

    private Task<ProgramRun> PbmAsync(params string[] arguments) =>
        ProgramRun.ExecuteAsync(Path.Combine(Repository.Root, "pbm"), arguments, Bound, new Dictionary<string, string>
        {
            ["PBM_NODE"] = $"127.0.0.1:{_management}",
        });

    private Task<ProgramRun> StartAsync(params string[] arguments) =>
        RunAsync(["--detach", "--program", Path.GetDirectoryName(Repository.NodeProgram)!, "--gateway-port", $"{_gateway}", "--management-port", $"{_management}", "--cluster-port", $"{_cluster}", .. arguments]);

    private Task<ProgramRun> RunAsync(params string[] arguments) =>
        ProgramRun.ExecuteAsync(Path.Combine(Repository.Root, "run.sh"), ["--dir", _directory.FullName, .. arguments], Bound);

    private int ProcessOf(string node) =>
        int.Parse(File.ReadAllText(Path.Combine(_directory.FullName, "pids", node)).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static ProgramRun Succeeded(ProgramRun run)
    {
        Assert.True(run.ExitCode == 0, run.ToString());
        return run;
    }
}
