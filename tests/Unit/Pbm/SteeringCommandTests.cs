using System.Text.Json.Nodes;
using Xunit;

namespace AkkaScale.Tests.Unit.Pbm;

/// <summary>Moves, entities and the journal's size: what is sent, what is printed, how it ends.</summary>
public sealed class SteeringCommandTests
{
    [Fact]
    public async Task A_move_is_sent_with_its_epoch_who_and_why()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/task/17/move"] = Move(17, "ordered");

        var (exit, output, errors) = await PbmProcess.RunAsync(
            "shards", "move", "task/17", "node-2", "--epoch", "4", "--reason", "r", "--by", "b", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Contains("shard task/17 is ordered from node-1 to node-2", output, StringComparison.Ordinal);
        Assert.Equal(
            """POST /shards/task/17/move application/json {"node":"node-2","reason":"r","by":"b","expectedEpoch":4}""", Compact(Assert.Single(stub.Requests)));
    }

    [Fact]
    public async Task A_move_that_waits_is_ordered_once()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/task/0/move"] = Move(0, "ordered");
        stub.Answers["/cluster/shards"] = Map("node-1");
        stub.Answers["/shards/task/0/why"] =
            """
            {"region":"task","shard":0,"owner":"node-1","ownerUid":"1","epoch":1,"target":null,"since":null,"reason":null,"order":null,"keeps":["task/t-1 is stuck"],
            "decisions":[{"nr":7,"at":"2026-01-01T00:00:00Z","region":"task","shard":0,"kind":"gaveUp","from":null,"to":"node-2","reason":"it is given up","numbers":{},"coordinator":"node-1"}]}
            """;

        var (exit, _, errors) = await PbmProcess.RunAsync("shards", "move", "task/0", "node-2", "--wait", "--timeout", "1", "--node", stub.Address);

        Assert.Equal(1, exit);
        Assert.Contains("shard task/0: the order is over: it is given up", errors, StringComparison.Ordinal);
        Assert.Equal(1, stub.Requests.Count(request => request.StartsWith("POST", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_move_that_arrives_is_waited_for()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/task/0/move"] = Move(0, "ordered");
        stub.Answers["/cluster/shards"] = Map("node-2");

        var (exit, output, errors) = await PbmProcess.RunAsync("shards", "move", "task/0", "node-2", "--wait", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Contains("shard task/0 is on node-2", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shard_is_pinned_and_unpinned_by_name()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/task/17/pin"] = """{"region":"task","shard":17,"owner":"node-1","pinnedTo":"node-2","epoch":4,"state":"pinned"}""";
        stub.Answers["/shards/task/17/unpin"] = """{"region":"task","shard":17,"owner":"node-2","pinnedTo":null,"epoch":5,"state":"free"}""";

        var pinned = await PbmProcess.RunAsync("shards", "pin", "task/17", "node-2", "--reason", "r", "--by", "b", "--node", stub.Address);
        var unpinned = await PbmProcess.RunAsync("shards", "unpin", "task/17", "--by", "b", "--node", stub.Address);

        Assert.Contains("shard task/17 is pinned to node-2; it is on node-1 and goes there", pinned.Output, StringComparison.Ordinal);
        Assert.Contains("shard task/17 is pinned nowhere; it is on node-2", unpinned.Output, StringComparison.Ordinal);
        Assert.Equal(
            [
                """POST /shards/task/17/pin application/json {"node":"node-2","reason":"r","by":"b","expectedEpoch":null}""",
                """POST /shards/task/17/unpin application/json {"reason":"","by":"b"}""",
            ],
            stub.Requests.Select(Compact));
    }

    [Theory]
    [InlineData("cordon", "cordoned", 5)]
    [InlineData("drain", "draining", 5)]
    [InlineData("uncordon", "open", 5)]
    public async Task An_order_about_a_node_is_sent_and_its_consequence_printed(string verb, string state, int shards)
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers[$"/nodes/node%202/{verb}"] = $$"""{"node":"node 2","state":"{{state}}","shards":{{shards}},"message":"So be it."}""";

        var (exit, output, errors) = await PbmProcess.RunAsync("node", verb, "node 2", "--reason", "r", "--by", "b", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Contains("So be it.", output, StringComparison.Ordinal);
        Assert.Equal($$"""POST /nodes/node%202/{{verb}} application/json {"reason":"r","by":"b"}""", Compact(Assert.Single(stub.Requests)));
    }

    [Theory]
    [InlineData("node-1", 0, "node-2 has no shard left")]
    [InlineData("node-2", 1, "node-2 still has 1 shard")]
    public async Task A_drain_that_waits_ends_when_the_node_has_no_shard_or_none_leaves_it(string owner, int expected, string says)
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/nodes/node-2/drain"] = """{"node":"node-2","state":"draining","shards":1,"message":"So be it."}""";
        stub.Answers["/cluster/shards"] = Map("node-1", owner);
        stub.Answers["/shards/task/1/why"] =
            """
            {"region":"task","shard":1,"owner":"node-2","ownerUid":"1","epoch":1,"target":null,"since":null,"reason":null,"order":null,
            "keeps":["task/t-1 is stuck"],"decisions":[]}
            """;

        var (exit, output, errors) = await PbmProcess.RunAsync("node", "drain", "node-2", "--wait", "--timeout", "1", "--node", stub.Address);

        Assert.Equal(expected, exit);
        Assert.Contains(says, output, StringComparison.Ordinal);
        Assert.Equal(expected == 1, errors.Contains("shard task/1: task/t-1 is stuck", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_shards_story_is_told_and_what_is_not_known_is_a_question_mark()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/task/17/why"] = $$"""
            {"region":"task","shard":17,"owner":"node-1","ownerUid":"u","epoch":4,"target":null,"since":"2026-01-02T03:04:05Z","reason":"n2 has 9, n1 3",
             "order":{"kind":"pin","node":"node-1","by":"jo","reason":"large","at":"2026-01-02T03:04:05Z"},"keeps":["it is pinned to node-1"],"decisions":[{{Decision(7, "move")}}]}
            """;
        stub.Answers["/shards/task/18/why"] =
            """{"region":"task","shard":18,"owner":null,"ownerUid":null,"epoch":0,"target":null,"since":null,"reason":null,"order":null,"keeps":[],"decisions":[]}""";

        var known = await PbmProcess.RunAsync("shards", "why", "task/17", "--node", stub.Address);
        var unknown = await PbmProcess.RunAsync("shards", "why", "task/18", "--node", stub.Address);

        Assert.True(known.ExitCode == 0, known.Errors);
        Assert.Contains("shard task/17 is on node-1, epoch 4, since 2026-01-02", known.Output, StringComparison.Ordinal);
        Assert.Contains("why it is there: n2 has 9, n1 3", known.Output, StringComparison.Ordinal);
        Assert.Contains("ordered: pinned to node-1, by jo: large, 2026", known.Output, StringComparison.Ordinal);
        Assert.Contains("what keeps it there: it is pinned to node-1", known.Output, StringComparison.Ordinal);
        Assert.Contains("handOverSeconds 0.14, shardsFrom 9", known.Output, StringComparison.Ordinal);
        Assert.Contains("shard task/18 is on no node, epoch 0, since ?", unknown.Output, StringComparison.Ordinal);
        Assert.Contains("why it is there: ?", unknown.Output, StringComparison.Ordinal);
        Assert.Contains("what keeps it there: nothing", unknown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_is_shown_by_node_and_way_and_says_what_holds_it_up()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/plan?region=task&without=node%202&with=1"] =
            $$"""{"moves":[{{Planned(0)}},{{Planned(1)}}],"nodes":[{"name":"node-1","before":2,"after":0,"weightBefore":120,"weightAfter":0},{"name":"node-2","before":0,"after":2,"weightBefore":0,"weightAfter":null}],"waits":["node-3 is joining"]}""";

        var (exit, output, errors) = await PbmProcess.RunAsync(
            "shards", "plan", "--region", "task", "--without", "node 2", "--with", "1", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Contains("node-1 2      0     -2     120    0", output, StringComparison.Ordinal);
        Assert.Contains("node-2 0      2     +2     0      ?", output, StringComparison.Ordinal);
        Assert.Contains("task/0-1 node-1 node-2 n1 has 2, n2 0", output, StringComparison.Ordinal);
        Assert.Contains("2 shards would move", output, StringComparison.Ordinal);
        Assert.Contains("node-3 is joining", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_moves_of_a_plan_are_ordered_at_the_epochs_it_was_made_for_and_a_refusal_does_not_stop_the_others()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/task/0/move"] = Move(0, "ordered");
        stub.Answers["/cluster/shards"] = Map("node-2", "node-1");
        using var folder = new TemporaryFolder();
        var file = folder.Write("plan.json", $$"""{"moves":[{{Planned(1)}},{{Planned(0)}}],"nodes":[],"waits":[]}""");

        var (exit, output, _) = await PbmProcess.RunAsync("shards", "apply", file, "--wait", "--by", "b", "--node", stub.Address);

        Assert.Equal(1, exit);
        Assert.Contains("task/1 is refused", output, StringComparison.Ordinal);
        Assert.Contains("1 of 1 shard has arrived", output, StringComparison.Ordinal);
        Assert.Equal(
            """POST /shards/task/0/move application/json {"node":"node-2","reason":"plan: n1 has 2, n2 0","by":"b","expectedEpoch":4}""",
            Compact(stub.Requests.Single(request => request.StartsWith("POST /shards/task/0", StringComparison.Ordinal))));
        folder.Write("plan.json", "{}");
        var noPlan = await PbmProcess.RunAsync("shards", "apply", file, "--node", stub.Address);
        Assert.Equal(2, noPlan.ExitCode);
        Assert.Contains("is no plan", noPlan.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("17")]
    [InlineData("task/x")]
    [InlineData("task/1/2")]
    [InlineData("/17")]
    public async Task What_is_no_region_and_number_is_refused_before_anything_is_asked(string shard)
    {
        await using var stub = await StubManagement.StartAsync();

        var (exit, _, errors) = await PbmProcess.RunAsync("shards", "move", shard, "node-2", "--node", stub.Address);

        Assert.Equal(2, exit);
        Assert.Contains("such as task/17", errors, StringComparison.Ordinal);
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task A_refused_order_exits_with_2_and_says_why()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/task/17/move"] = """{"title":"Refused","detail":"Node node-2 is not up"}""";
        stub.Status = 409;

        var (exit, _, errors) = await PbmProcess.RunAsync("shards", "move", "task/17", "node-2", "--node", stub.Address);

        Assert.Equal(2, exit);
        Assert.Contains("Node node-2 is not up", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rebalance_is_ordered_once_and_waits_until_every_shard_has_arrived()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/rebalance"] = $$"""{"moves":[{{Move(0, "ordered")}},{{Move(1, "ordered")}}]}""";
        stub.Answers["/cluster/shards"] = Map("node-2", "node-2");

        var (exit, output, errors) = await PbmProcess.RunAsync(
            "shards", "rebalance", "--max-moves", "2", "--reason", "r", "--by", "b", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Contains("node-1 -> node-2: task/0-1", output, StringComparison.Ordinal);
        Assert.Contains("2 of 2 shards have arrived", output, StringComparison.Ordinal);
        Assert.Equal(
            """POST /shards/rebalance application/json {"maxMoves":2,"reason":"r","by":"b"}""",
            Compact(Assert.Single(stub.Requests, request => request.StartsWith("POST", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_rebalance_of_which_some_shard_does_not_arrive_exits_with_1()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/rebalance"] = $$"""{"moves":[{{Move(0, "ordered")}},{{Move(1, "ordered")}}]}""";
        stub.Answers["/cluster/shards"] = Map("node-2", "node-1");

        var (exit, output, _) = await PbmProcess.RunAsync("shards", "rebalance", "--timeout", "1", "--json", "--node", stub.Address);

        Assert.Equal(1, exit);
        var report = JsonNode.Parse(output)!;
        Assert.Equal(("stalled", 1, 2), ((string)report["outcome"]!, (int)report["arrived"]!, report["moves"]!.AsArray().Count));
    }

    [Fact]
    public async Task A_rebalance_of_what_is_balanced_says_so_and_waits_for_nothing()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/rebalance"] = """{"moves":[]}""";

        var (exit, output, errors) = await PbmProcess.RunAsync("shards", "rebalance", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Contains("nothing to move", output, StringComparison.Ordinal);
        Assert.Single(stub.Requests);
        Assert.Equal(2, (await PbmProcess.RunAsync("shards", "rebalance", "--max-moves", "0", "--node", stub.Address)).ExitCode);
    }

    [Theory]
    [InlineData("shards", "map")]
    [InlineData("shards", "move")]
    [InlineData("shards", "rebalance")]
    [InlineData("shards", "why")]
    [InlineData("shards", "watch")]
    [InlineData("shards", "plan")]
    [InlineData("shards", "apply")]
    [InlineData("shards", "pin")]
    [InlineData("shards", "unpin")]
    [InlineData("node", "cordon")]
    [InlineData("node", "drain")]
    [InlineData("node", "uncordon")]
    [InlineData("entity", "show")]
    [InlineData("entity", "tail")]
    [InlineData("entity", "passivate")]
    [InlineData("journal", "stats")]
    public async Task Help_names_an_example(string command, string verb)
    {
        var (exit, output, _) = await PbmProcess.RunAsync(command, verb, "--help");

        Assert.Equal(0, exit);
        Assert.Contains($"  pbm {command} {verb}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_is_shown_with_where_it_comes_from()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/entities/task/t%201"] =
            """{"kind":"task","id":"t 1","region":"task","shard":17,"owner":"node-1","version":42,"resident":false,"source":"journal","state":{"title":"x \u001b"}}""";

        var (exit, output, errors) = await PbmProcess.RunAsync("entity", "show", "task/t 1", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Contains("task/t 1  version 42  shard task/17  on node-1, not in memory", output, StringComparison.Ordinal);
        Assert.Contains("state as the journal gives it", output, StringComparison.Ordinal);
        Assert.Contains("  \"title\": \"x \\u001B\"", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public async Task An_entity_is_passivated_by_name()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/entities/task/t-1/passivate"] = """{"kind":"task","id":"t-1","region":"task","shard":17,"owner":"node-1","passivated":true}""";
        var (exit, output, errors) = await PbmProcess.RunAsync("entity", "passivate", "task/t-1", "--by", "b", "--node", stub.Address);
        Assert.True(exit == 0, errors);
        Assert.Contains("task/t-1 has left the memory of node-1", output, StringComparison.Ordinal);
        Assert.Equal("""POST /entities/task/t-1/passivate application/json {"reason":"","by":"b"}""", Compact(Assert.Single(stub.Requests)));
    }

    [Fact]
    public async Task The_journals_size_is_read_region_by_region_and_summed_up()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/cluster/status"] = """
            {"cluster":"c","self":"n","store":"sqlite","shardCount":18,"generation":0,"coordinator":null,"members":{},
             "shards":{"owned":18,"unowned":0,"moving":0},"regions":[{"name":"task","shardCount":16},{"name":"user","shardCount":2}],"ready":true}
            """;
        stub.Answers["/journal/stats?region=task"] = Stats("task", 16);
        stub.Answers["/journal/stats?region=user"] = Stats("user", 2);

        var (exit, output, errors) = await PbmProcess.RunAsync("journal", "stats", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Contains("1,800 events of 180 entities, 17.6 KiB; 18 snapshots, 90 B; 18 shards", output, StringComparison.Ordinal);
        Assert.Contains("the largest shards", output, StringComparison.Ordinal);
    }

    private static string Decision(int nr, string kind) =>
        $$"""{"nr":{{nr}},"at":"2026-01-02T03:04:05Z","region":"task","shard":17,"kind":"{{kind}}","from":"node-2","to":"node-1","reason":"n2 has 9, n1 3","numbers":{"shardsFrom":9,"handOverSeconds":0.14},"coordinator":"node-1"}""";

    private static string Planned(int shard) =>
        $$"""{"region":"task","shard":{{shard}},"from":"node-1","to":"node-2","epoch":4,"reason":"n1 has 2, n2 0"}""";

    private static string Move(int shard, string state) =>
        $$"""{"region":"task","shard":{{shard}},"from":"node-1","to":"node-2","epoch":4,"state":"{{state}}"}""";

    private static string Map(params string[] owners)
    {
        var rows = owners.Select((owner, shard) =>
            $$"""{"region":"task","shard":{{shard}},"owner":"{{owner}}","ownerUid":"u","epoch":4,"target":null,"reason":null,"entities":0}""");
        return $$"""{"entityTypeKeys":["task"],"shardCount":{{owners.Length}},"regions":[],"shards":[{{string.Join(',', rows)}}]} """;
    }

    private static string Stats(string region, int count)
    {
        var rows = Enumerable.Range(0, count).Select(shard =>
            $$"""{"region":"{{region}}","shard":{{shard}},"events":100,"entities":10,"bytes":1000,"snapshots":1,"snapshotBytes":5}""");
        const string total = """{"shards":0,"events":0,"entities":0,"bytes":0,"snapshots":0,"snapshotBytes":0}""";
        return $$"""{"shardCount":18,"shards":[{{string.Join(',', rows)}}],"total":{{total}} }""";
    }

    private static string Compact(string request) => request.ReplaceLineEndings("").Replace("  ", "", StringComparison.Ordinal).Replace("\": ", "\":", StringComparison.Ordinal);
}
