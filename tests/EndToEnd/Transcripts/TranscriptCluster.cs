using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.EndToEnd.Transcripts;

/// <summary>Three real nodes, and pbm run against them; ports and directories are shown as an operator's would be.</summary>
internal sealed partial class TranscriptCluster : IAsyncDisposable
{
    private const string ShownDirectory = "/srv/akkascale";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkascale-transcript-");
    private readonly List<NodeProcess> _nodes = [];
    private readonly List<(string Real, string Shown)> _names = [];

    private TranscriptCluster() => _names.Add((_directory.FullName, ShownDirectory));

    public static async Task<TranscriptCluster> StartAsync()
    {
        var cluster = new TranscriptCluster();
        try
        {
            await cluster.FormAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private async Task FormAsync()
    {
        for (var number = 1; number <= 3; number++)
        {
            var settings = new NodeProcessSettings(NodeProgram.Of(Repository.NodeProgram))
            {
                Name = $"node-{number}",
                LogDirectory = Repository.LogDirectory,
                Arguments =
                [
                    "--store-path", Path.Combine(_directory.FullName, "store"), "--shards", "6", "--AkkaScale:Node:AllowDrills", "true",
                ],
            };
            _names.Add(($"127.0.0.1:{settings.ManagementPort}", $"127.0.0.1:{8557 + number}"));
            _names.Add(($"127.0.0.1:{settings.GatewayPort}", $"127.0.0.1:{8079 + number}"));
            _names.Add(($"127.0.0.1:{settings.ClusterPort}", $"127.0.0.1:{4052 + number}"));
            _nodes.Add(NodeProcess.Start(settings));
        }

        await BalanceAsync();
        await FillAsync();
    }

    private Task BalanceAsync() => Eventually.Holds("every node has a third of the shards", Bound, async () =>
    {
        using var management = new ManagementClient(_nodes[0].Management);
        if (!await management.IsReadyAsync())
        {
            return "node-1 is not ready";
        }

        var shares = (await management.MembersAsync()).Select(member => member.Shards).ToList();
        return shares.Count == 3 && shares.Distinct().Count() == 1 && shares[0] > 0 ? null : string.Join(", ", shares);
    });

    /// <summary>Runs what was typed; also lets the cluster come to rest before, so that what is shown is not half of something.</summary>
    public async Task<TranscriptBlock> TypeAsync(SessionLine line)
    {
        using var process = Start(line.Text, line.In);
        var output = new StringBuilder();
        var meanwhile = line.While is null ? Task.CompletedTask : MeanwhileAsync(line.While, HasBegun);
        using var bound = new CancellationTokenSource(Bound);
        var reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
        try
        {
            await Task.WhenAll(reading, process.WaitForExitAsync(bound.Token), meanwhile);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await SettleAsync();
            return new TranscriptBlock(line.Text, [.. output.ToString().Split('\n'), TranscriptBlock.Endless]);
        }

        var shown = Show(output.ToString()).TrimEnd('\n').Split('\n').Where(text => !Progress().IsMatch(text)).Select(text => text.TrimEnd()).ToList();
        if (process.ExitCode != 0)
        {
            shown.Add($"(exit code {process.ExitCode})");
        }

        await SettleAsync();
        return new TranscriptBlock(line.Text, shown is [""] ? [] : shown);

        bool HasBegun()
        {
            lock (output)
            {
                return output.Length > 0;
            }
        }

        async Task ReadAsync(StreamReader from)
        {
            var isInterrupted = false;
            while (await from.ReadLineAsync(bound.Token) is { } text)
            {
                lock (output)
                {
                    output.Append(text).Append('\n');
                }

                if (line.Until is { } until && !isInterrupted && text.Contains(until, StringComparison.Ordinal))
                {
                    isInterrupted = true;
                    using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
                    await kill.WaitForExitAsync(bound.Token);
                }
            }
        }
    }

    /// <summary>Does something to a node that pbm does not: `start node-2`, `kill node-2`.</summary>
    public async Task ActAsync(string act)
    {
        var (what, name) = act.Split(' ') is [var verb, var node] ? (verb, node) : throw new FormatException($"not an act: {act}");
        await (what switch
        {
            "start" => StartAgainAsync(name),
            "kill" => KillAsync(name),
            _ => throw new FormatException($"not an act: {act}"),
        });
    }

    private async Task KillAsync(string name)
    {
        await _nodes.First(node => node.Name == name).KillAsync();
        await SettleAsync();
    }

    /// <summary>Starts a node that has ended, or has been told to; one that goes on stays as it is.</summary>
    private async Task StartAgainAsync(string name)
    {
        var index = _nodes.FindIndex(node => node.Name == name);
        if (_nodes[index].HasExited || await HasLeftAsync(index))
        {
            await _nodes[index].WaitForExitAsync(Bound);
            await _nodes[index].DisposeAsync();
            _nodes[index] = NodeProcess.Start(_nodes[index].Settings);
        }

        await SettleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _directory.Delete(recursive: true);
    }

    /// <summary>Every running node is ready, every shard has an owner among them and none is on its way.</summary>
    public Task SettleAsync() => Eventually.Holds("the cluster is at rest", Bound, async () =>
    {
        foreach (var node in _nodes.Where(node => !node.HasExited))
        {
            using var management = new ManagementClient(node.Management);
            if (!await management.IsReadyAsync())
            {
                return $"{node.Name} is not ready";
            }
        }

        using var any = new ManagementClient(_nodes.First(node => !node.HasExited).Management);
        var status = await any.StatusAsync();
        var members = await any.MembersAsync();
        return status.Shards is { Unowned: 0, Moving: 0 } && members.Count == _nodes.Count(node => !node.HasExited) ? null : $"{status.Shards}, {members.Count} members";
    });

    private async Task<bool> HasLeftAsync(int index)
    {
        using var management = new ManagementClient(_nodes.First(node => node != _nodes[index] && !node.HasExited).Management);
        return !(await management.MembersAsync()).Any(member => member.Name == _nodes[index].Name && member.Status == "Up");
    }

    private Process Start(string text, string? input)
    {
        var real = _names.Aggregate(text, (line, name) => line.Replace(name.Shown, name.Real, StringComparison.Ordinal));
        var start = new ProcessStartInfo("bash", ["-c", real.StartsWith("pbm", StringComparison.Ordinal) ? $"exec dotnet '{Repository.PbmProgram}'{real[3..]}" : real])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PBM_NODE"] = _nodes[0].Management.Authority;
        start.Environment.Remove("PBM_TOKEN");
        var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return process;
    }

    private string Show(string text) => _names.Aggregate(text, (line, name) => line.Replace(name.Real, name.Shown, StringComparison.Ordinal));

    /// <summary>Once the other has begun to print.</summary>
    private async Task MeanwhileAsync(string command, Func<bool> hasBegun)
    {
        await Eventually.Holds("the command prints something", Bound, () => hasBegun() ? null : "nothing");
        foreach (var one in command.Split(';', StringSplitOptions.TrimEntries))
        {
            if (one.StartsWith("! ", StringComparison.Ordinal))
            {
                await ActAsync(one[2..]);
                continue;
            }

            using var other = Start($"pbm {one}", null);
            await Task.WhenAll(other.StandardOutput.ReadToEndAsync(), other.StandardError.ReadToEndAsync(), other.WaitForExitAsync()).WaitAsync(Bound);
        }
    }

    private async Task FillAsync()
    {
        using var http = new HttpClient { BaseAddress = _nodes[0].Gateway };
        http.DefaultRequestHeaders.Add("X-Acting-User", "ada");
        (await http.PutAsJsonAsync("/users/ada", new { name = "Ada" })).EnsureSuccessStatusCode();
        (await http.PutAsJsonAsync("/projects/p-1", new { name = "Engine", owner = "ada" })).EnsureSuccessStatusCode();
        (await http.PutAsJsonAsync("/tasks/t-1", new { project = "p-1", title = "Write the transcript" })).EnsureSuccessStatusCode();
        (await http.PostAsJsonAsync("/tasks/t-1/comment", new { text = "with every command" })).EnsureSuccessStatusCode();
    }

    /// <summary>Told every few seconds where there is no terminal: on a fast machine not at all.</summary>
    [GeneratedRegex(@"^[a-z0-9 -]+: [\d,]+ of [\d,]+ \(\d+ %\)|^[a-z0-9 -]+ …$")]
    private static partial Regex Progress();
}
