using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Steering;
using Xunit;

namespace AkkaScale.Tests.Unit.Pbm;

/// <summary>Moves, plans, entities and the journal's size: what is sent, what is printed, how it ends.</summary>
public sealed class SteeringCommandTests
{
    private const string Plan = """
        {"planId":"ab","coordinator":"node-1","allocation":"weighted","loadsKnown":true,"balanced":false,"moveCount":2,"atOnce":2,"members":[],
         "moves":[{"shard":0,"from":"node-1","to":"node-2","reason":"r","atOnce":true,"epoch":4},
                  {"shard":1,"from":"node-1","to":"node-2","reason":"r","atOnce":true,"epoch":5}]}
        """;

    [Fact]
    public async Task A_move_is_sent_with_its_epoch_who_and_why()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/17/move"] = """{"shard":17,"from":"node-1","to":"node-2","epoch":4,"state":"ordered"}""";

        var (exit, output, errors) = await PbmProcess.RunAsync(
            "shards", "move", "17", "node-2", "--epoch", "4", "--reason", "r", "--by", "b", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Contains("shard 17 is ordered from node-1 to node-2", output, StringComparison.Ordinal);
        Assert.Equal(
            """POST /shards/17/move application/json {"node":"node-2","reason":"r","by":"b","expectedEpoch":4}""", Compact(Assert.Single(stub.Requests)));
    }

    [Fact]
    public async Task A_move_that_waits_is_ordered_once()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/0/move"] = """{"shard":0,"from":"node-1","to":"node-2","epoch":4,"state":"ordered"}""";
        stub.Answers["/cluster/shards"] = Map(("node-1", 4));
        stub.Answers["/orders"] = """{"nodes":[],"pins":[],"moves":[{"shard":0,"node":"node-2","epoch":4,"reason":"","by":"","at":"t","state":"ordered"}]}""";

        var (exit, _, errors) = await PbmProcess.RunAsync("shards", "move", "0", "node-2", "--wait", "--timeout", "1", "--node", stub.Address);

        Assert.Equal(1, exit);
        Assert.Contains("shard 0: is still on its way", errors, StringComparison.Ordinal);
        Assert.Equal(1, stub.Requests.Count(request => request.StartsWith("POST", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_plan_of_which_one_shard_is_elsewhere_moves_nothing_at_all()
    {
        await using var stub = await StubManagement.StartAsync();
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "plan.json");
        await File.WriteAllTextAsync(file, Plan);
        stub.Answers["/cluster/shards"] = Map(("node-1", 4), ("node-3", 6));

        var (exit, output, _) = await PbmProcess.RunAsync("shards", "apply", file, "--node", stub.Address);

        Assert.Equal(1, exit);
        Assert.Contains("outgrown this plan: nothing was moved", output, StringComparison.Ordinal);
        Assert.Contains("shard 1: was planned at epoch 5 on node-1 and is at epoch 6 on node-3", output, StringComparison.Ordinal);
        Assert.DoesNotContain(stub.Requests, request => request.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_that_is_carried_out_already_is_done_and_nothing_is_sent()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/plan"] = Plan;
        stub.Answers["/cluster/shards"] = Map(("node-2", 5), ("node-2", 9));

        var (exit, output, errors) = await PbmProcess.RunAsync("shards", "rebalance", "--json", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Contains("\"outcome\": \"done\"", output, StringComparison.Ordinal);
        Assert.Contains("\"alreadyThere\": 2", output, StringComparison.Ordinal);
        Assert.DoesNotContain(stub.Requests, request => request.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_that_gets_nowhere_ends_and_says_what_is_on_its_way()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/plan"] = Plan;
        stub.Answers["/cluster/shards"] = Map(("node-1", 4), ("node-1", 5));
        stub.Answers["/shards/0/move"] = """{"shard":0,"from":"node-1","to":"node-2","epoch":4,"state":"ordered"}""";

        var (exit, output, _) = await PbmProcess.RunAsync("shards", "apply", "--max-moves", "1", "--timeout", "1", "--node", stub.Address);

        Assert.Equal(1, exit);
        Assert.Contains("shard 0: is still on its way", output, StringComparison.Ordinal);
        Assert.Equal(1, stub.Requests.Count(request => request.StartsWith("POST", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_move_that_the_coordinator_gave_up_ends_the_run_with_its_word()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/plan"] = Plan;
        stub.Answers["/cluster/shards"] = Map(("node-1", 4), ("node-1", 5));
        stub.Answers["/shards/0/move"] = """{"shard":0,"from":"node-1","to":"node-2","epoch":4,"state":"ordered"}""";
        stub.Answers["/orders"] = """{"nodes":[],"pins":[],"moves":[]}""";
        stub.Answers["/shards/0/why"] = """
            {"shard":0,"owner":"node-1","ownerUid":"u","epoch":4,"target":"node-1","reason":"","pin":null,"owners":[],
             "decisions":[{"nr":2,"target":"node-1","reason":"given up: node-2 is cordoned","decidedBy":"node-1","term":1,"at":"t","numbers":null}]}
            """;

        var (exit, output, _) = await PbmProcess.RunAsync("shards", "apply", "--at-once", "1", "--node", stub.Address);

        Assert.Equal(1, exit);
        Assert.Contains("shard 0: given up: node-2 is cordoned", output, StringComparison.Ordinal);
        Assert.DoesNotContain(stub.Requests, request => request.StartsWith("POST /shards/1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"moves":[]}""")]
    [InlineData("not json")]
    [InlineData("""{"coordinator":"n","allocation":"w","loadsKnown":true,"balanced":false,"moveCount":1,"atOnce":1,"members":[],"moves":[{"shard":0,"from":"a","to":"b","reason":"","atOnce":true}]}""")]
    public async Task A_file_that_is_no_plan_or_tells_no_epochs_is_refused(string text)
    {
        await using var stub = await StubManagement.StartAsync();
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "plan.json");
        await File.WriteAllTextAsync(file, text);
        var (exit, _, errors) = await PbmProcess.RunAsync("shards", "apply", file, "--node", stub.Address);
        Assert.True(exit == 2, errors);
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task A_state_is_shown_with_where_it_comes_from()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/entities/task/t%201"] =
            """{"kind":"task","id":"t 1","shard":17,"owner":"node-1","version":42,"resident":false,"source":"journal","state":{"title":"x \u001b"}}""";

        var (exit, output, errors) = await PbmProcess.RunAsync("entity", "show", "task/t 1", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Contains("task/t 1  version 42  shard 17  on node-1, not in memory", output, StringComparison.Ordinal);
        Assert.Contains("state as the journal gives it", output, StringComparison.Ordinal);
        Assert.Contains("  \"title\": \"x \\u001B\"", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public async Task An_entity_is_passivated_by_name()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/entities/task/t-1/passivate"] = """{"kind":"task","id":"t-1","shard":17,"owner":"node-1","passivated":true}""";
        var (exit, output, errors) = await PbmProcess.RunAsync("entity", "passivate", "task/t-1", "--by", "b", "--node", stub.Address);
        Assert.True(exit == 0, errors);
        Assert.Contains("task/t-1 has left the memory of node-1", output, StringComparison.Ordinal);
        Assert.Equal("""POST /entities/task/t-1/passivate application/json {"reason":"","by":"b"}""", Compact(Assert.Single(stub.Requests)));
    }

    [Fact]
    public async Task The_journals_size_is_read_in_portions_and_summed_up()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/cluster/status"] = """
            {"cluster":"c","self":"n","store":"sqlite","shardCount":18,"schemaVersion":1,"databaseIdentity":"d","generation":0,"coordinator":null,"members":{},
             "shards":{"owned":18,"unowned":0,"moving":0},"ready":true}
            """;
        stub.Answers["/journal/stats?first=0&count=16"] = Stats(0, 16);
        stub.Answers["/journal/stats?first=16&count=16"] = Stats(16, 2);

        var (exit, output, errors) = await PbmProcess.RunAsync("journal", "stats", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Contains("1,800 events of 180 entities, 17.6 KiB; 18 snapshots, 90 B; 18 shards", output, StringComparison.Ordinal);
        Assert.Contains("the largest shards", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_watch_tells_each_change_once_whether_it_was_an_event_or_is_seen()
    {
        var first = MapOf(new ShardShape(0, "node-1", "u1", 4, "takeover", "node-1", "r", 0));
        var watch = new ShardWatch(first);
        Assert.Empty(watch.Look(first, "t0"));

        var target = watch.Take("ShardTargetChanged", """{"type":"ShardTargetChanged","at":"t1","shard":0,"owner":"node-1","target":"node-2","reason":"moved"}""");
        Assert.Equal(new ShardChange("ShardTargetChanged", "t1", 0, "node-1", "node-2", 4, "moved"), target);
        var owner = watch.Take(
            "ShardOwnerChanged",
            """{"type":"ShardOwnerChanged","at":"t2","shard":0,"from":"node-1","to":"node-2","fromUid":"u1","toUid":"u2","epoch":5,"acquiredBy":"handoff/x"}""");
        Assert.Equal(new ShardChange("ShardOwnerChanged", "t2", 0, "node-1", "node-2", 5, "handoff/x"), owner);
        Assert.Null(watch.Take("NodeOrdered", "{}"));

        var now = MapOf(new ShardShape(0, "node-2", "u2", 5, "handoff/x", "node-2", "moved", 3));
        Assert.Empty(watch.Look(now, "t3"));
        var later = MapOf(new ShardShape(0, null, null, 5, "handoff/x", "node-1", "drained", null));
        Assert.Equal(["ShardTargetChanged", "ShardOwnerChanged"], watch.Look(later, "t4").Select(change => change.Type));
    }

    private static ShardMap MapOf(params ShardShape[] shards) => new([], shards.Length, shards);

    private static string Map(params (string Owner, long Epoch)[] shards)
    {
        var rows = shards.Select((shard, index) =>
            $$"""{"shard":{{index}},"owner":"{{shard.Owner}}","ownerUid":"u","epoch":{{shard.Epoch}},"acquiredBy":"","target":"{{shard.Owner}}","reason":"","entities":0}""");
        return $$"""{"entityTypeKeys":[],"shardCount":{{shards.Length}},"shards":[{{string.Join(',', rows)}}]} """;
    }

    private static string Stats(int first, int count)
    {
        var rows = Enumerable.Range(first, count).Select(shard =>
            $$"""{"shard":{{shard}},"events":100,"entities":10,"head":100,"bytes":1000,"snapshots":1,"snapshotBytes":5}""");
        const string total = """{"shards":0,"events":0,"entities":0,"bytes":0,"snapshots":0,"snapshotBytes":0}""";
        return $$"""{"shardCount":18,"shards":[{{string.Join(',', rows)}}],"total":{{total}} }""";
    }

    private static string Compact(string request) => request.ReplaceLineEndings("").Replace("  ", "", StringComparison.Ordinal).Replace("\": ", "\":", StringComparison.Ordinal);
}
