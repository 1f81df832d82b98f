using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Xunit;

namespace AkkaScale.Tests.Unit.Pbm;

public sealed class CommandLineTests
{
    private const string Hostile = "node\u001b[31m\u0007\n\u202e1";

    private static readonly string[][] ManagementCommands =
    [
        ["cluster", "show"],
        ["cluster", "status"],
        ["cluster", "down", "node 1"],
        ["cluster", "leave", "node 1"],
        ["shards", "map"],
        ["shards", "map", "--all"],
        ["where", "task/t 1"],
        ["entity", "events", "task/t 1"],
        ["journal", "verify"],
    ];

    public static TheoryData<string, string[]> Misuses => new()
    {
        { "an unknown command", ["dance"] },
        { "an unknown option", ["cluster", "show", "--colour"] },
        { "no command", [] },
        { "no member", ["cluster", "down"] },
        { "no entity", ["where"] },
        { "an entity without a kind", ["where", "t-1"] },
        { "an entity with two slashes", ["entity", "events", "task/a/b"] },
        { "a node that is no address", ["cluster", "show", "--node", "http://x:1/path"] },
        { "a number out of range", ["load", "x", "--concurrency", "0"] },
        { "a number that is none", ["load", "x", "--concurrency", "many"] },
        { "a limit of nothing", ["load", "x", "--limit", "0"] },
        { "a trace that is not there", ["load", "/nowhere/activity.jsonl"] },
        { "a gateway that is no address", ["load", "/nowhere/activity.jsonl", "--gateway", "ftp://x"] },
    };

    [Theory]
    [MemberData(nameof(Misuses))]
    public async Task Misuse_exits_with_2_and_a_word_on_standard_error(string what, string[] arguments)
    {
        var (exit, output, errors) = await PbmProcess.RunAsync(arguments);

        Assert.True(exit == 2, $"{what}: exit {exit}, {errors}");
        Assert.Empty(output);
        Assert.StartsWith("pbm: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clutser show", "did you mean cluster?")]
    [InlineData("cluster shwo", "did you mean cluster show?")]
    [InlineData("shards wacth --region task", "did you mean shards watch?")]
    [InlineData("drain node-1", "did you mean node drain?")]
    [InlineData("cluster map", "did you mean shards map?")]
    [InlineData("cluster show --jsno", "did you mean --json?")]
    [InlineData("cluster dance", null)]
    [InlineData("xyzzy", null)]
    public async Task A_misspelt_verb_is_answered_with_what_may_have_been_meant(string line, string? answer)
    {
        var (exit, _, errors) = await PbmProcess.RunAsync(line.Split(' '));

        Assert.Equal(2, exit);
        if (answer is null)
        {
            Assert.DoesNotContain("did you mean", errors, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains($"pbm: {answer}\n", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_crash_of_the_last_day_is_told_beside_members_and_audit()
    {
        await using var stub = await StubManagement.StartAsync();
        var ended = TimeProvider.System.GetUtcNow().AddMinutes(-5);
        stub.Answers["/cluster/members"] = """{"selfNode":"a","leader":null,"oldest":null,"members":[],"unreachable":[]}""";
        stub.Answers["/audit?limit=50"] = $$"""{"entries":[{{AuditAt(8, ended.AddMinutes(1))}},{{AuditAt(7, ended.AddMinutes(-1))}}],"next":null}""";
        stub.Answers["/cluster/history?limit=200"] =
            $$"""
            {"incarnations":[
              {"name":"node-2","node":"n","nodeUid":"u","state":"dead","reason":"its process has ended","startedAt":"2026-01-01T00:00:00Z","endedAt":"{{ended:O}}","generation":1,"version":"1"},
              {"name":"node-3","node":"n","nodeUid":"u","state":"left","reason":null,"startedAt":"2026-01-01T00:00:00Z","endedAt":"{{ended:O}}","generation":1,"version":"1"},
              {"name":"node-4","node":"n","nodeUid":"u","state":"dead","reason":null,"startedAt":"2026-01-01T00:00:00Z","endedAt":"{{ended.AddDays(-2):O}}","generation":1,"version":"1"}]}
            """;

        var show = (await PbmProcess.RunAsync("cluster", "show", "--node", stub.Address)).Output;
        var audit = (await PbmProcess.RunAsync("audit", "--node", stub.Address)).Output.Split('\n');

        Assert.Contains($"node-2 died at {ended:yyyy-MM-dd HH:mm:ss} UTC: its process has ended", show, StringComparison.Ordinal);
        Assert.DoesNotContain("node-3", show, StringComparison.Ordinal);
        Assert.DoesNotContain("node-4", show, StringComparison.Ordinal);
        Assert.StartsWith("8 ", audit[1], StringComparison.Ordinal);
        Assert.Contains("node-2 declared dead", audit[2], StringComparison.Ordinal);
        Assert.StartsWith("7 ", audit[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_without_a_coordinator_is_said_to_have_none()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/cluster/status"] =
            """{"cluster":"c","self":"node-1","store":"sqlite","shardCount":4,"generation":1,"coordinator":null,"members":{"up":1},"shards":{"owned":0,"unowned":4,"moving":null},"regions":[],"ready":true}""";

        var lines = (await PbmProcess.RunAsync("cluster", "status", "--node", stub.Address)).Output.Split('\n');

        Assert.Contains(lines, line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["coordinator", "none"]);
    }

    private static string AuditAt(long nr, DateTimeOffset at) => $$"""
        {"nr":{{nr}},"at":"{{at:O}}","node":"node-1","who":"otto","by":"","role":"operator","remote":"127.0.0.1","method":"POST","path":"/shards/1/pin",
         "action":"shards/pin","target":"1 to node-2","why":"","status":200,"outcome":"allowed"}
        """;

    [Theory]
    [InlineData("cluster", "show")]
    [InlineData("cluster", "down")]
    [InlineData("cluster", "leave")]
    [InlineData("journal", "verify")]
    [InlineData("load", "")]
    public async Task Help_names_an_example(string command, string verb)
    {
        var (exit, output, _) = await PbmProcess.RunAsync([command, .. verb.Length > 0 ? new[] { verb } : [], "--help"]);

        Assert.Equal(0, exit);
        Assert.Contains($"Example:{Environment.NewLine}  pbm {command} ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_or_gateway_that_does_not_answer_exits_with_3()
    {
        var nobody = FreeAddress();
        using var folder = new TemporaryFolder();
        var trace = folder.Write("trace.jsonl", "");

        var (node, _, nodeErrors) = await PbmProcess.RunAsync("cluster", "show", "--node", nobody);
        var (gateway, _, gatewayErrors) = await PbmProcess.RunAsync("load", trace, "--gateway", nobody);

        Assert.Equal((3, 3), (node, gateway));
        Assert.Contains(nobody, nodeErrors, StringComparison.Ordinal);
        Assert.Contains(nobody, gatewayErrors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_broken_exits_with_3_and_one_that_refuses_with_2()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/cluster/members"] = """{"code":"store/unavailable","detail":"the store does not answer"}""";
        stub.Status = 503;
        var (broken, _, why) = await PbmProcess.RunAsync("cluster", "show", "--node", stub.Address);
        Assert.Equal(3, broken);
        Assert.Contains("status 503, store/unavailable, the store does not answer", why, StringComparison.Ordinal);

        stub.Status = 200;
        stub.Answers["/cluster/members"] = "<html>";
        Assert.Equal(3, (await PbmProcess.RunAsync("cluster", "show", "--node", stub.Address)).ExitCode);
        Assert.Equal(2, (await PbmProcess.RunAsync("where", "cat/1", "--node", stub.Address)).ExitCode);
    }

    [Fact]
    public async Task Json_output_has_the_documented_shapes()
    {
        await using var stub = await HealthyAsync("node-1");
        foreach (var command in ManagementCommands)
        {
            var (exit, output, errors) = await PbmProcess.RunAsync([.. command, "--json", "--node", stub.Address]);

            Assert.True(exit == 0, $"{string.Join(' ', command)}: exit {exit}, {errors}");
            var json = JsonNode.Parse(output)!;
            if (json["durationSeconds"] is not null)
            {
                json["durationSeconds"] = 0;
            }

            GoldenFile.AssertSame($"{string.Join('-', command.Take(2)).Replace("where-task/t 1", "where", StringComparison.Ordinal)}.json", json.ToString());
        }
    }

    [Fact]
    public async Task Piped_output_has_no_escape_codes_and_names_of_others_are_escaped()
    {
        await using var stub = await HealthyAsync(Hostile);
        foreach (var command in ManagementCommands)
        {
            var (exit, output, errors) = await PbmProcess.RunAsync([.. command, "--node", stub.Address]);

            Assert.True(exit == 0, $"{string.Join(' ', command)}: exit {exit}, {errors}");
            Assert.DoesNotContain(output + errors, character => character is '\u001b' or '\u0007' or '\u202e' or '\u009b');
            if (command[0] is not ("entity" or "journal"))
            {
                Assert.Contains(@"node\u{1b}[31m\u{7}\u{a}\u{202e}1", output, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_cluster_that_is_not_ready_exits_with_1()
    {
        await using var stub = await HealthyAsync("node-1");
        stub.Answers["/cluster/status"] = stub.Answers["/cluster/status"].Replace("\"ready\":true", "\"ready\":false", StringComparison.Ordinal);

        Assert.Equal(1, (await PbmProcess.RunAsync("cluster", "status", "--node", stub.Address)).ExitCode);
    }

    [Fact]
    public async Task An_entity_without_events_exits_with_1()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/entities/task/none/events?after=0&limit=100"] = """{"events":[],"next":null}""";

        Assert.Equal(1, (await PbmProcess.RunAsync("entity", "events", "task/none", "--node", stub.Address)).ExitCode);
    }

    [Fact]
    public async Task Events_are_read_page_by_page_up_to_the_limit()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/entities/task/t/events?after=0&limit=3"] = $$"""{"events":[{{Event(1)}},{{Event(2)}}],"next":2}""";
        stub.Answers["/entities/task/t/events?after=2&limit=1"] = $$"""{"events":[{{Event(3)}}],"next":3}""";

        var (exit, output, _) = await PbmProcess.RunAsync("entity", "events", "task/t", "--limit", "3", "--json", "--node", stub.Address);

        Assert.Equal(0, exit);
        var read = JsonNode.Parse(output)!;
        Assert.Equal([1L, 2, 3], read["events"]!.AsArray().Select(one => (long)one!["version"]!));
        Assert.Equal(3, (long)read["next"]!);

        static string Event(int version) =>
            $$"""{"version":{{version}},"type":"x","region":"task","shard":1,"epoch":1,"commandId":null,"at":"now","payload":{} }""";
    }

    [Fact]
    public async Task Violations_of_all_shards_are_summed_up_and_exit_with_1()
    {
        await using var stub = await HealthyAsync("node-1");
        stub.Answers["/journal/verify/task/2"] = """{"region":"task","shard":2,"events":5,"entities":1,"violations":[{"invariant":"I2","entity":"task/t-1","detail":"gap"},{"invariant":"I3","entity":null,"detail":"two owners"}]}""";

        var (exit, output, _) = await PbmProcess.RunAsync("journal", "verify", "--json", "--node", stub.Address);

        Assert.Equal(1, exit);
        var summary = JsonNode.Parse(output)!;
        Assert.Equal((2L, 0L, 1L, 1L), ((long)summary["violationCount"]!, (long)summary["byInvariant"]!["I1"]!, (long)summary["byInvariant"]!["I2"]!, (long)summary["byInvariant"]!["I3"]!));
        Assert.Equal((4, 4, true), ((int)summary["shardCount"]!, (int)summary["shardsRead"]!, (bool)summary["complete"]!));
    }

    [Fact]
    public async Task A_generated_trace_is_loaded_and_reported_in_the_documented_shape()
    {
        await using var stub = await StubGateways.StartAsync(2);
        using var folder = new TemporaryFolder();
        var trace = Path.Combine(folder.Path, "trace.jsonl.gz");
        Assert.Equal(0, (await PbmProcess.RunAsync("trace", "generate", trace, "--actions", "300", "--tasks", "30")).ExitCode);

        var (exit, output, errors) = await PbmProcess.RunAsync(
            "load", trace, "--gateway", $"{stub.Addresses[0]},{stub.Addresses[1]}", "--verify", "--json", "--concurrency", "4");

        Assert.True(exit == 0, output + errors);
        GoldenFile.AssertSame("load.json", WithoutMeasurements(JsonNode.Parse(output)!.AsObject()).ToString());
    }

    [Fact]
    public async Task A_load_that_finds_a_mismatch_exits_with_1_and_prints_no_escape_codes()
    {
        await using var stub = await StubGateways.StartAsync(1);
        stub.Cluster.Lie = (entity, body) => body["title"] = entity == "task/t-1" ? "\u001b[2J" : body["title"]?.DeepClone();
        using var folder = new TemporaryFolder();
        var trace = folder.Write("trace.jsonl", """{"at":1,"user":"u-1","project":"p-1","task":"t-1","action":"create","title":"First"}""");

        var (exit, output, errors) = await PbmProcess.RunAsync("load", trace, "--gateway", stub.Addresses[0].Authority, "--verify");

        Assert.True(exit == 1, output + errors);
        Assert.Contains(@"task/t-1 title: expected First, read \u{1b}[2J", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output + errors);
    }

    [Fact]
    public async Task An_interrupted_load_prints_what_was_done_and_exits_with_130()
    {
        var stuck = new TaskCompletionSource();
        await using var stub = await StubGateways.StartAsync(1);
        stub.Fault = request =>
        {
            if (request.Number < 40)
            {
                return StubFault.None;
            }

            stuck.TrySetResult();
            return StubFault.Hang;
        };
        using var folder = new TemporaryFolder();
        var trace = Path.Combine(folder.Path, "trace.jsonl");
        await PbmProcess.RunAsync("trace", "generate", trace, "--actions", "300");

        using var load = PbmProcess.Start("load", trace, "--gateway", stub.Addresses[0].Authority, "--concurrency", "1", "--json");
        await stuck.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await load.InterruptAsync();
        var (exit, output, errors) = await load.EndAsync();

        Assert.True(exit == 130, output + errors);
        var report = JsonNode.Parse(output)!;
        Assert.Equal("interrupted", (string)report["outcome"]!);
        Assert.Equal(39, (long)report["commands"]!["acknowledged"]! + (long)report["commands"]!["refused"]!);
    }

    [Fact]
    public async Task A_damaged_trace_is_refused_with_its_line()
    {
        using var folder = new TemporaryFolder();
        var trace = folder.Write("trace.jsonl", """
            {"at":1,"user":"u-1","project":"p-1","task":"t-1","action":"create","title":"First"}
            {"at":1,"user":"u-1","project":"p-1","task":"t-1","action":"sing"}
            """);

        var (exit, _, errors) = await PbmProcess.RunAsync("load", trace);

        Assert.Equal(2, exit);
        Assert.Contains("trace line 2: action is none of create, edit, rename, close", errors, StringComparison.Ordinal);
    }

    private static JsonObject WithoutMeasurements(JsonObject report)
    {
        report["trace"] = "trace.jsonl.gz";
        report["gateways"] = new JsonArray("first", "second");
        foreach (var name in new[] { "durationSeconds", "commandsPerSecond" })
        {
            report[name] = 0;
        }

        foreach (var name in new[] { "p50", "p95", "p99", "max" })
        {
            report["latency"]![name] = 0;
        }

        report["verification"]!["durationSeconds"] = 0;
        report["pauses"] = new JsonObject(report["pauses"]!.AsObject().Select(pause => KeyValuePair.Create(pause.Key, (JsonNode?)null)));
        return report;
    }

    private static async Task<StubManagement> HealthyAsync(string name)
    {
        var quoted = JsonValue.Create(name).ToJsonString();
        var stub = await StubManagement.StartAsync();
        stub.Answers["/cluster/members"] = $$"""{"selfNode":"akka.tcp://c@127.0.0.1:1","leader":"akka.tcp://c@127.0.0.1:1","oldest":null,"members":[{"node":"akka.tcp://c@127.0.0.1:1","nodeUid":"0123456789abcdef0123456789abcdef","status":"Up","roles":["entity","gateway"],"name":{{quoted}},"managementAddress":"127.0.0.1:2","version":"0.1.0","shards":4,"renewCounter":9,"joinedAt":"2026-01-01T00:00:00Z","reason":null,"later":"ignored"}],"unreachable":[]}""";
        stub.Answers["/cluster/status"] = $$"""{"cluster":"c","self":{{quoted}},"store":"sqlite","shardCount":4,"generation":0,"coordinator":{"name":{{quoted}},"node":"akka.tcp://c@127.0.0.1:1"},"members":{"up":1},"shards":{"owned":4,"unowned":0,"moving":1},"regions":[{"name":"task","shardCount":4}],"ready":true,"allocationMode":"automatic"}""";
        stub.Answers["/cluster/members/node%201?operation=down"] = $$"""{"operation":"Down","name":{{quoted}},"node":"akka.tcp://c@127.0.0.1:1","nodeUid":"0123456789abcdef0123456789abcdef","status":"Down","message":"declared down","takeoverWithinSeconds":2.9}""";
        stub.Answers["/cluster/members/node%201?operation=leave"] = $$"""{"operation":"Leave","name":{{quoted}},"node":"akka.tcp://c@127.0.0.1:1","nodeUid":"0123456789abcdef0123456789abcdef","status":"Leaving","message":"it leaves","takeoverWithinSeconds":null}""";
        var shards = string.Join(',', Enumerable.Range(0, 4).Select(shard =>
            $$"""{"region":"task","shard":{{shard}},"owner":{{quoted}},"ownerUid":"0123456789abcdef0123456789abcdef","epoch":2,"target":{{(shard == 3 ? "\"node-2\"" : "null")}},"reason":{{(shard == 3 ? "\"home\"" : "null")}},"entities":{{(shard == 1 ? "null" : "12")}}}"""));
        stub.Answers["/cluster/shards"] = $$"""{"entityTypeKeys":["project","task","user"],"shardCount":4,"regions":[{"name":"task","shardCount":4}],"shards":[{{shards}}]}""";
        stub.Answers["/cluster/where/task/t%201"] = $$"""{"kind":"task","id":"t 1","region":"task","shard":2,"owner":{{quoted}},"ownerUid":null,"epoch":2,"version":5,"resident":null}""";
        stub.Answers["/entities/task/t%201/events?after=0&limit=100"] = """{"events":[{"version":1,"type":"created","region":"task","shard":2,"epoch":2,"commandId":"trace-1-create","at":"2026-01-01T00:00:00Z","payload":{"title":"\u001b[31mred","by":"ann"}}],"next":null}""";
        for (var shard = 0; shard < 4; shard++)
        {
            stub.Answers[$"/journal/verify/task/{shard}"] = $$"""{"region":"task","shard":{{shard}},"events":10,"entities":3,"violations":[]}""";
        }

        return stub;
    }

    private static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener.LocalEndpoint.ToString()!;
    }
}
