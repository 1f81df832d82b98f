using System.Diagnostics;
using System.Text.Json.Nodes;
using AkkaScale.TestKit;

namespace AkkaScale.Tests.Unit.Pbm;

/// <summary>What surrounds the commands: addresses, tokens, help, completion, --watch.</summary>
public sealed class ShellTests : IDisposable
{
    private const string Members = """{"selfNode":"akka.tcp://c@h:1","leader":"akka.tcp://c@h:1","oldest":"akka.tcp://c@h:1","members":[{"node":"akka.tcp://c@h:1","nodeUid":"u","status":"Up","roles":["entity"],"name":"node-1","managementAddress":null,"version":null,"shards":1,"renewCounter":1,"joinedAt":null,"reason":null}],"unreachable":[]}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{0}", "cluster", "leader")]
    [InlineData("{0}", "--no-color", "cluster", "leader")]
    public async Task A_first_word_that_is_an_address_names_the_node(params string[] arguments)
    {
        await using var stub = await StartAsync();

        var (exit, output, errors) = await PbmProcess.RunAsync([.. arguments.Select(argument => argument.Replace("{0}", stub.Address, StringComparison.Ordinal))]);

        Assert.True(exit == 0, errors);
        Assert.Equal("node-1 (akka.tcp://c@h:1)\n", output);
    }

    [Fact]
    public async Task A_word_that_is_no_address_is_a_command_as_ever()
    {
        var (exit, _, errors) = await PbmProcess.RunAsync("task/t:1", "cluster", "leader");

        Assert.Equal(2, exit);
        Assert.Contains("task/t:1", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_of_a_file_is_sent_with_every_call()
    {
        await using var stub = await StartAsync();
        var file = Path.Combine(_folder.Path, "token");
        await File.WriteAllTextAsync(file, "abc-def\n");

        Assert.Equal(0, (await PbmProcess.RunAsync(stub.Address, "cluster", "leader", "--token-file", file)).ExitCode);
        Assert.Equal(0, (await PbmProcess.RunAsync(stub.Address, "cluster", "leader")).ExitCode);

        Assert.Equal(["Bearer abc-def", ""], stub.Authorizations);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\nanother")]
    [InlineData("caf\u00e9")]
    public async Task A_file_that_holds_no_token_is_refused_before_anything_is_asked(string text)
    {
        await using var stub = await StartAsync();
        var file = Path.Combine(_folder.Path, "token");
        await File.WriteAllTextAsync(file, text);

        var (exit, _, errors) = await PbmProcess.RunAsync(stub.Address, "cluster", "leader", "--token-file", file);

        Assert.Equal(2, exit);
        Assert.StartsWith("pbm: ", errors, StringComparison.Ordinal);
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task Every_command_has_an_example_that_is_its_own()
    {
        var (exit, output, _) = await PbmProcess.RunAsync("commands", "--json");
        Assert.Equal(0, exit);
        var commands = JsonNode.Parse(output)!.AsArray().Select(command => ((string)command!["command"]!, Example: (string?)command["example"])).ToArray();

        Assert.True(commands.Length > 20, $"only {commands.Length} commands");
        string[] aliases = ["cluster-sharding shards"];
        foreach (var (command, example) in commands.Where(command => !aliases.Contains(command.Item1)))
        {
            Assert.True(example is not null, $"{command} has no example");
            Assert.True(example.Contains($"pbm {command}", StringComparison.Ordinal), $"the example of {command} is {example}");
        }
    }

    [Theory]
    [InlineData("pbm clus", "cluster", "cluster-sharding")]
    [InlineData("pbm cluster l", "leader", "leave")]
    [InlineData("pbm cluster show --wa", "--watch")]
    [InlineData("pbm completion ", "bash", "fish", "zsh")]
    [InlineData("pbm cluster show nothing")]
    [InlineData("pbm")]
    [InlineData("pbm \"unclosed")]
    public async Task What_may_follow_is_told_to_shells(string line, params string[] words)
    {
        var (exit, output, errors) = await PbmProcess.RunAsync("complete", "--", line);

        Assert.True(exit == 0, errors);
        Assert.Equal(words, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Names_of_nodes_are_completed_from_the_cluster_and_a_cluster_that_is_not_there_completes_nothing()
    {
        await using var stub = await StartAsync();
        stub.Answers["/cluster/members"] =
            """{"selfNode":"a","leader":null,"oldest":null,"members":[{"node":"a","nodeUid":"u","status":"Up","roles":[],"name":"blue-1","managementAddress":null,"version":null,"shards":1,"renewCounter":1,"joinedAt":null,"reason":null}],"unreachable":[]}""";

        Assert.Equal("blue-1\n", (await PbmProcess.RunAsync("complete", "--", $"pbm --node {stub.Address} cluster leave b")).Output);
        Assert.Equal("", (await PbmProcess.RunAsync("complete", "--", "pbm --node 127.0.0.1:1 cluster leave b")).Output);
    }

    [Fact]
    public async Task A_real_bash_completes()
    {
        var script = $$"""
            pbm() { dotnet "{{Path.Combine(AppContext.BaseDirectory, "AkkaScale.Pbm.dll")}}" "$@"; }
            source <(pbm completion bash)
            complete -p pbm
            COMP_LINE="pbm cluster sta" COMP_POINT=15; _pbm; echo "${COMPREPLY[*]}"
            COMP_LINE="pbm --node h:1 cluster le" COMP_POINT=25; _pbm; echo "${COMPREPLY[*]}"
            """;
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true })!;
        var output = await bash.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal("complete -F _pbm pbm\nstatus\nleader leave\n".Split('\n'), output.Replace("leader\nleave", "leader leave", StringComparison.Ordinal).Split('\n'));
    }

    [Theory]
    [InlineData("zsh", "compdef _pbm pbm")]
    [InlineData("fish", "complete -c pbm")]
    public async Task Other_shells_have_their_own(string shell, string line)
    {
        Assert.Contains(line, (await PbmProcess.RunAsync("completion", shell)).Output, StringComparison.Ordinal);
        Assert.Equal(2, (await PbmProcess.RunAsync("completion", "csh")).ExitCode);
    }

    [Fact]
    public async Task Watching_into_a_pipe_writes_one_look_after_another_without_escape_codes_and_ends_well_by_Ctrl_C()
    {
        await using var stub = await StartAsync();
        using var pbm = PbmProcess.Start(stub.Address, "cluster", "leader", "--watch", "0.1");
        await Eventually.Holds("three looks were taken", TimeSpan.FromSeconds(60), () => stub.Requests.Count >= 3 ? null : $"{stub.Requests.Count}");

        await pbm.InterruptAsync();
        var (exit, output, errors) = await pbm.EndAsync();

        Assert.True(exit == 0, errors);
        Assert.True(output.Split('\n').Count(line => line == "node-1 (akka.tcp://c@h:1)") >= 2, output);
        Assert.DoesNotContain('\e', output);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("often")]
    [InlineData("99999")]
    public async Task A_watch_of_a_wrong_interval_is_misuse(string interval) =>
        Assert.Equal(2, (await PbmProcess.RunAsync("cluster", "leader", "--watch", interval)).ExitCode);

    [Fact]
    public async Task A_watch_goes_on_when_a_look_fails()
    {
        await using var stub = await StartAsync();
        stub.Status = 503;
        using var pbm = PbmProcess.Start(stub.Address, "cluster", "leader", "--watch", "0.1");
        await Eventually.Holds("two looks failed", TimeSpan.FromSeconds(60), () => stub.Requests.Count >= 2 ? null : $"{stub.Requests.Count}");
        stub.Status = 200;
        var seen = stub.Requests.Count;
        await Eventually.Holds("another look was taken", TimeSpan.FromSeconds(60), () => stub.Requests.Count > seen + 1 ? null : $"{stub.Requests.Count}");

        await pbm.InterruptAsync();
        var (exit, output, errors) = await pbm.EndAsync();

        Assert.Equal(0, exit);
        Assert.Contains("status 503", errors, StringComparison.Ordinal);
        Assert.Contains("node-1 (akka.tcp://c@h:1)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_anybody_to_ask_members_are_not_declared_down()
    {
        await using var stub = await StartAsync();
        stub.Answers["/cluster/members"] =
            """{"selfNode":"a","leader":null,"oldest":null,"members":[],"unreachable":[{"node":"akka.tcp://c@h:2","observedBy":["a"]}]}""";
        stub.Answers["/cluster/members/akka.tcp%3A%2F%2Fc%40h%3A2?operation=down"] =
            """{"operation":"Down","name":"node-2","node":"akka.tcp://c@h:2","nodeUid":"u","status":"Down","message":"node-2 is down","takeoverWithinSeconds":2.9}""";

        var (exit, _, errors) = await PbmProcess.RunAsync(stub.Address, "cluster", "down-unreachable");
        Assert.Equal(2, exit);
        Assert.Contains("--yes", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(stub.Requests, request => request.StartsWith("PUT", StringComparison.Ordinal));

        var (done, output, _) = await PbmProcess.RunAsync(stub.Address, "cluster", "down-unreachable", "--yes");
        Assert.Equal(0, done);
        Assert.Contains("takeover within 2.9 s", output, StringComparison.Ordinal);
        Assert.Single(stub.Requests, request => request.StartsWith("PUT", StringComparison.Ordinal));
    }

    private static async Task<StubManagement> StartAsync()
    {
        var stub = await StubManagement.StartAsync();
        stub.Answers["/cluster/members"] = Members;
        return stub;
    }
}
