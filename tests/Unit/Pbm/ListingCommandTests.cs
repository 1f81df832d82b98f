namespace AkkaScale.Tests.Unit.Pbm;

public sealed class ListingCommandTests
{
    private const string Entity = """{"kind":"task","id":"%","region":"task","shard":3,"owner":"node-1"}""";

    [Fact]
    public async Task Pages_are_joined_and_what_is_not_known_is_said_and_no_zero()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/entities?limit=1000&kind=task"] = $$"""{"entities":[{{Of("t-1")}}],"next":"task/t-1","unknown":[{"region":"task","shard":5,"owner":"node-2"}]}""";
        stub.Answers["/entities?limit=1000&kind=task&after=task%2Ft-1"] = $$"""{"entities":[{{Of("t-2\\u001b[2J")}}],"next":null,"unknown":[{"region":"task","shard":5,"owner":"node-2"}]}""";

        var (exit, output, errors) = await PbmProcess.RunAsync("entities", "list", "--kind", "task", "--limit", "5000", "--node", stub.Address);

        Assert.Equal(1, exit);
        Assert.Contains("task/t-1", output, StringComparison.Ordinal);
        Assert.Contains(@"task/t-2\u{1b}[2J", output, StringComparison.Ordinal);
        Assert.Contains("no answer for task/5 on node-2: what is in memory there is not known", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_is_cut_says_how_to_go_on()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/entities?limit=1&shard=task%2F3"] = $$"""{"entities":[{{Of("t-1")}}],"next":"task/t-1","unknown":[]}""";

        var (exit, output, _) = await PbmProcess.RunAsync("entities", "list", "--shard", "task/3", "--limit", "1", "--node", stub.Address);

        Assert.Equal(0, exit);
        Assert.Contains("there are more: --after task/t-1", output, StringComparison.Ordinal);
        Assert.Equal(2, (await PbmProcess.RunAsync("entities", "list", "--shard", "three", "--node", stub.Address)).ExitCode);
        Assert.Equal(2, (await PbmProcess.RunAsync("entities", "list", "--after", "three", "--node", stub.Address)).ExitCode);
    }

    [Fact]
    public async Task The_busiest_are_a_table_and_a_silent_node_is_named()
    {
        await using var stub = await StubManagement.StartAsync();
        stub.Answers["/entities/busiest?limit=20"] =
            """{"entities":[{"kind":"task","id":"t-1","region":"task","shard":3,"owner":"node-1","messages":1200,"perSecond":81.5}],"unknown":["node-3"]}""";

        var (exit, output, errors) = await PbmProcess.RunAsync("entities", "busiest", "--node", stub.Address);

        Assert.Equal(1, exit);
        Assert.Contains("task/t-1 task/3 node-1 1,200    81.5", output, StringComparison.Ordinal);
        Assert.Contains("no answer of node-3", errors, StringComparison.Ordinal);
    }

    private static string Of(string id) => Entity.Replace("%", id, StringComparison.Ordinal);
}
