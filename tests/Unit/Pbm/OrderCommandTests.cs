using Xunit;

namespace AkkaScale.Tests.Unit.Pbm;

/// <summary>Commands that steer: what they send, what they print, how they end.</summary>
public sealed class OrderCommandTests
{
    private const string Drained = """{"node":"node-2","order":"drain","reason":"r","by":"b","at":"2026-01-01T00:00:00Z","shards":3,"pinsWaiting":[4,5]}""";

    [Theory]
    [InlineData("cordon", """{"node":"node-2","order":"cordon","reason":"r","by":"b","at":"t","shards":3,"pinsWaiting":[]}""", "node-2 is cordoned and has 3 shards")]
    [InlineData("drain", Drained, "node-2 is being drained and has 3 shards")]
    [InlineData("uncordon", """{"node":"node-2","order":null,"reason":null,"by":null,"at":null,"shards":3,"pinsWaiting":[]}""", "node-2 is open and has 3 shards")]
    public async Task Orders_are_sent_as_json_and_told(string verb, string answer, string expected)
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers[$"/nodes/node%202/{verb}"] = answer;

        var (exit, output, errors) = await PbmProcess.RunAsync("node", verb, "node 2", "--reason", "r", "--by", "b", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Equal($$"""POST /nodes/node%202/{{verb}} application/json {"reason":"r","by":"b"}""", Compact(Assert.Single(stub.Requests)));
    }

    [Fact]
    public async Task A_drain_that_waits_ends_when_the_node_is_empty_and_tells_how_far_it_is()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/nodes/node-2/drain"] = Drained;
        stub.Answers["/cluster/members"] = Members("drain", shards: 0);

        var (exit, output, errors) = await PbmProcess.RunAsync("node", "drain", "node-2", "--wait", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Contains("node-2 has 3 shards", errors, StringComparison.Ordinal);
        Assert.Contains("node-2 has 0 shards", errors, StringComparison.Ordinal);
        Assert.Contains("has 0 shards", output, StringComparison.Ordinal);
        Assert.Contains("pinned to it, but elsewhere until uncordon: 4-5", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drain", "still has 3 shards after 1 s")]
    [InlineData("cordon", "the order was taken back")]
    public async Task A_drain_that_does_not_end_exits_with_1(string order, string expected)
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/nodes/node-2/drain"] = Drained;
        stub.Answers["/cluster/members"] = Members(order, shards: 3);

        var (exit, _, errors) = await PbmProcess.RunAsync("node", "drain", "node-2", "--wait", "--timeout", "1", "--node", stub.Address);

        Assert.Equal(1, exit);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pin_names_shard_and_node_and_an_unpin_deletes_it()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/17/pin"] = """{"shard":17,"node":"node-2","reason":"","by":"b","at":"t"}""";
        var (pinned, output, errors) = await PbmProcess.RunAsync("shards", "pin", "17", "node-2", "--by", "b", "--node", stub.Address);
        Assert.True(pinned == 0, errors);
        Assert.Contains("shard 17 is pinned to node-2", output, StringComparison.Ordinal);

        stub.Answers["/shards/17/pin"] = """{"shard":17,"node":null,"reason":null,"by":null,"at":null}""";
        (var unpinned, output, _) = await PbmProcess.RunAsync("shards", "unpin", "17", "--node", stub.Address);
        Assert.Equal(0, unpinned);
        Assert.Contains("shard 17 is not pinned", output, StringComparison.Ordinal);
        Assert.Equal(
            ["""POST /shards/17/pin application/json {"node":"node-2","reason":"","by":"b"}""", "DELETE /shards/17/pin"],
            stub.Requests.Select(Compact));
    }

    [Fact]
    public async Task A_refused_order_exits_with_2_and_says_why()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/17/pin"] = """{"title":"Refused","detail":"Node node-2 is being drained"}""";
        stub.Status = 409;

        var (exit, _, errors) = await PbmProcess.RunAsync("shards", "pin", "17", "node-2", "--node", stub.Address);

        Assert.Equal(2, exit);
        Assert.Contains("Node node-2 is being drained", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_shows_the_balance_and_the_moves()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/plan"] = """
            {"coordinator":"node-1","allocation":"weighted","loadsKnown":true,"balanced":false,"moveCount":2,"atOnce":1,
             "members":[{"name":"node-1","order":null,"shardsBefore":6,"rateBefore":12.5,"shardsAfter":4,"rateAfter":8.5}],
             "moves":[{"shard":3,"from":"node-1","to":"node-2","reason":"because \u001b","atOnce":true,"epoch":7,"entities":120,"bytes":30720,"expectedPauseSeconds":0.0125},
                      {"shard":4,"from":null,"to":"node-2","reason":"r","atOnce":false}],
             "planId":"0011223344556677","at":"t","rebalance":"manual"}
            """;

        var (exit, output, errors) = await PbmProcess.RunAsync("shards", "plan", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Contains("node-1 (weighted) would move 2 shards, 1 of them at once", output, StringComparison.Ordinal);
        Assert.Matches(@"3 +node-1 +node-2 +7 +120 +30\.0 KiB +12\.5 ms +because \\u\{1b\}", output);
        Assert.Matches(@"4 +nobody +node-2 +\? +\? +\? +\? +r", output);
        Assert.Contains("rebalancing is manual", output, StringComparison.Ordinal);
        GoldenFile.AssertSame("shards-plan.json", (await PbmProcess.RunAsync("shards", "plan", "--json", "--node", stub.Address)).Output);
    }

    [Fact]
    public async Task The_story_of_a_shard_is_its_pin_its_decisions_and_its_owners()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/shards/17/why"] = """
            {"shard":17,"owner":"node-1","ownerUid":"u","epoch":4,"target":"node-2","reason":"is pinned to node-2",
             "pin":{"shard":17,"node":"node-2","reason":"noisy","by":"jo","at":"t0"},
             "decisions":[{"nr":2,"target":"node-2","reason":"is pinned to node-2","decidedBy":"node-3","term":5,"at":"t1","numbers":{"rate":4.5}}],
             "owners":[{"epoch":4,"owner":"node-1","acquiredBy":"takeover","at":"t2"}]}
            """;

        var (exit, output, errors) = await PbmProcess.RunAsync("shards", "why", "17", "--node", stub.Address);

        Assert.True(exit == 0, errors);
        Assert.Contains("shard 17 is on node-1 at epoch 4", output, StringComparison.Ordinal);
        Assert.Contains("pinned to node-2 by jo at t0: noisy", output, StringComparison.Ordinal);
        Assert.Contains("belongs on node-2: is pinned to node-2", output, StringComparison.Ordinal);
        Assert.Contains("by node-3, term 5", output, StringComparison.Ordinal);
        Assert.Contains("takeover", output, StringComparison.Ordinal);
        GoldenFile.AssertSame("shards-why.json", (await PbmProcess.RunAsync("shards", "why", "17", "--json", "--node", stub.Address)).Output);
    }

    [Theory]
    [InlineData("node", "cordon")]
    [InlineData("node", "uncordon")]
    [InlineData("node", "drain")]
    [InlineData("shards", "pin")]
    [InlineData("shards", "unpin")]
    [InlineData("shards", "plan")]
    [InlineData("shards", "why")]
    [InlineData("shards", "move")]
    [InlineData("shards", "apply")]
    [InlineData("shards", "rebalance")]
    [InlineData("shards", "watch")]
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

    /// <summary>The body without the white space of indented JSON.</summary>
    private static string Compact(string request) =>
        request.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal)
            .Replace("  ", "", StringComparison.Ordinal).Replace("\": ", "\":", StringComparison.Ordinal);

    private static string Members(string order, int shards) => $$"""
        {"selfNode":"a","leader":null,"oldest":null,"unreachable":[],"members":[
         {"node":"a@b","nodeUid":"u","status":"Up","roles":["entity"],"name":"node-2","shards":{{shards}},"renewCounter":1,"order":"{{order}}"}]}
        """;
}
