using System.Text.RegularExpressions;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using Xunit;

namespace AkkaScale.Tests.EndToEnd.Scripts;

/// <summary>A directory and ports for a cluster that run.sh starts; it is stopped at the end.</summary>
public abstract class RunScript : IAsyncLifetime
{
    private readonly int _cluster = FreePorts.TakeConsecutive(4);

    protected static TimeSpan Bound { get; } = TimeSpan.FromSeconds(120);

    protected DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("akkascale-run-");
    protected int GatewayPort { get; } = FreePorts.TakeConsecutive(4);
    protected int ManagementPort { get; } = FreePorts.TakeConsecutive(4);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await RunAsync("--stop");
        // As root the private PostgreSQL runs as nobody, who cannot reach a private temporary directory: the script says where it went.
        var elsewhere = Path.Combine(Folder.FullName, "postgres.dir");
        if (File.Exists(elsewhere))
        {
            Directory.Delete(await File.ReadAllTextAsync(elsewhere), recursive: true);
        }

        Folder.Delete(recursive: true);
    }

    protected string Notes => File.ReadAllText(Path.Combine(Folder.FullName, "logs", "run.log"));

    protected async Task<string> MembersAsync()
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri($"http://127.0.0.1:{ManagementPort}/cluster/members"));
    }

    protected static int CountOf(ProgramRun status, string state) =>
        status.Output.Split('\n').Count(line => Regex.IsMatch(line, "^(node|gateway)-") && line.Contains(state, StringComparison.Ordinal));

    protected Task<ProgramRun> PbmAsync(params string[] arguments) =>
        ProgramRun.ExecuteAsync(Path.Combine(Repository.Root, "pbm"), arguments, Bound, new Dictionary<string, string>
        {
            ["PBM_NODE"] = $"127.0.0.1:{ManagementPort}",
        });

    protected Task<ProgramRun> StartAsync(params string[] arguments) =>
        RunAsync(["--detach", "--program", Path.GetDirectoryName(Repository.NodeProgram)!, "--gateway-port", $"{GatewayPort}", "--management-port", $"{ManagementPort}", "--cluster-port", $"{_cluster}", .. arguments]);

    protected Task<ProgramRun> RunAsync(params string[] arguments) =>
        ProgramRun.ExecuteAsync(Path.Combine(Repository.Root, "run.sh"), ["--dir", Folder.FullName, .. arguments], Bound);

    protected int ProcessOf(string node) =>
        int.Parse(File.ReadAllText(Path.Combine(Folder.FullName, "pids", node)).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    protected static ProgramRun Succeeded(ProgramRun run)
    {
        Assert.True(run.ExitCode == 0, run.ToString());
        return run;
    }
}
