using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AkkaScale.Management.Api;
using AkkaScale.Management.Facts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Tests.Unit.Management;

/// <summary>The management routes over a cluster that is none: what they ask of it, and their answers byte by byte.</summary>
public sealed class FactsEndpointTests
{
    private const string Member =
        """{"node":"akka.tcp://test@127.0.0.1:4053","nodeUid":"m-1","status":"Up","roles":["entity"],"name":"node-1","managementAddress":"127.0.0.1:8558","version":"0.1.0","shards":1,"renewCounter":17,"joinedAt":"2026-01-02T03:04:05+00:00","reason":"joined","order":{"kind":"cordon","by":"jo","reason":"new disk","at":"2026-01-02T03:04:05+00:00"}}""";

    private const string Decision =
        """{"nr":9,"at":"2026-01-02T03:04:05+00:00","region":"task","shard":0,"kind":"home","from":null,"to":"node-1","reason":"it was sent there","numbers":{"handOverSeconds":0.14},"coordinator":"node-2"}""";

    [Theory]
    [InlineData("/startup", "", """{"status":"ok"}""")]
    [InlineData("/ready", "", """{"status":"ok"}""")]
    [InlineData("/cluster/status", "status", """{"cluster":"test","self":"node-1","store":"sqlite","shardCount":2,"generation":0,"coordinator":{"name":"node-1","node":"akka.tcp://test@127.0.0.1:4053"},"members":{"up":1,"down":2},"shards":{"owned":1,"unowned":1,"moving":0},"regions":[{"name":"task","shardCount":2}],"ready":true,"allocationMode":"automatic"}""")]
    [InlineData("/cluster/members", "members", $$"""{"selfNode":"akka.tcp://test@127.0.0.1:4053","leader":null,"oldest":"akka.tcp://test@127.0.0.1:4053","members":[{{Member}}],"unreachable":[{"node":"akka.tcp://test@127.0.0.1:4053","observedBy":["a","b"]}],"orders":[{"node":"node-9","kind":"drain","by":"jo","reason":"new disk","at":"2026-01-02T03:04:05+00:00"}]}""")]
    [InlineData("/cluster/members/akka.tcp%3A%2F%2Ftest%40127.0.0.1%3A4053", "member akka.tcp://test@127.0.0.1:4053", Member)]
    [InlineData("/cluster/shards", "shards", """{"entityTypeKeys":["task","user"],"shardCount":2,"regions":[{"name":"task","shardCount":2},{"name":"user","shardCount":0}],"shards":[{"region":"task","shard":0,"owner":"node-1","ownerUid":"m-1","epoch":3,"target":"node-2","reason":"balance","entities":7,"pinnedTo":"node-2","order":{"kind":"pin","node":"node-2","by":"jo","reason":"large","at":"2026-01-02T03:04:05+00:00"}},{"region":"task","shard":1,"owner":null,"ownerUid":null,"epoch":0,"target":null,"reason":null,"entities":null,"pinnedTo":null,"order":null}]}""")]
    [InlineData("/shards/task/0/why", "why ShardKey { Region = task, Number = 0 }", $$"""{"region":"task","shard":0,"owner":"node-1","ownerUid":"m-1","epoch":3,"target":null,"since":"2026-01-02T03:04:05+00:00","reason":"ordered by jo","order":{"kind":"pin","node":"node-1","by":"jo","reason":"large","at":"2026-01-02T03:04:05+00:00"},"keeps":["it is pinned to node-1"],"decisions":[{{Decision}}]}""")]
    [InlineData("/shards/decisions", "decisions after , 100", """{"decisions":[],"latest":9}""")]
    [InlineData("/shards/decisions?after=8&limit=5", "decisions after 8, 5", $$"""{"decisions":[{{Decision}}],"latest":9}""")]
    [InlineData("/shards/plan", "PlanWish { Region = , Without = , With = 0 }", """{"moves":[{"region":"task","shard":0,"from":"node-1","to":"node-2","epoch":3,"reason":"node-1 has 2, node-2 0"}],"nodes":[{"name":"node-1","before":2,"after":1,"weightBefore":120,"weightAfter":null}],"waits":["wait"]}""")]
    [InlineData("/shards/plan?region=task&without=node-2&with=3", "PlanWish { Region = task, Without = node-2, With = 3 }", """{"moves":[{"region":"task","shard":0,"from":"node-1","to":"node-2","epoch":3,"reason":"node-1 has 2, node-2 0"}],"nodes":[{"name":"node-1","before":2,"after":1,"weightBefore":120,"weightAfter":null}],"waits":["wait"]}""")]
    [InlineData("/cluster/shards/task", "residents of task", """{"regions":[{"shardId":"0","numEntities":5},{"shardId":"1","numEntities":null}]}""")]
    [InlineData("/cluster/where/task/t-1", "where task t-1", """{"kind":"task","id":"t-1","region":"task","shard":0,"owner":"node-1","ownerUid":"m-1","epoch":3,"version":42,"resident":null}""")]
    [InlineData("/entities/task/t-1", "show task t-1", """{"kind":"task","id":"t-1","region":"task","shard":0,"owner":"node-1","version":42,"resident":true,"source":"owner","state":{"a":1}}""")]
    [InlineData("/entities/task/t-1/events", "events task t-1 after 0, 100", """{"events":[{"version":1,"type":"created","region":"task","shard":0,"epoch":3,"commandId":"c-1","at":"2026-01-02T03:04:05+00:00","payload":{}}],"next":1}""")]
    [InlineData("/journal/verify/task/1", "verify task/1", """{"region":"task","shard":1,"events":9,"entities":3,"violations":[{"invariant":"I2","entity":"task/t-1","detail":"gap"},{"invariant":"I3","entity":"","detail":"two owners"}]}""")]
    [InlineData("/journal/stats?first=0&count=2", "figures 0 2", """{"shardCount":2,"shards":[{"region":"task","shard":0,"events":1,"entities":2,"bytes":4,"snapshots":5,"snapshotBytes":6},{"region":"task","shard":1,"events":10,"entities":20,"bytes":40,"snapshots":50,"snapshotBytes":60}],"total":{"shards":2,"events":11,"entities":22,"bytes":44,"snapshots":55,"snapshotBytes":66}}""")]
    [InlineData("/journal/stats?region=task&count=1", "figures task 0 1", """{"shardCount":2,"shards":[{"region":"task","shard":0,"events":1,"entities":2,"bytes":4,"snapshots":5,"snapshotBytes":6},{"region":"task","shard":1,"events":10,"entities":20,"bytes":40,"snapshots":50,"snapshotBytes":60}],"total":{"shards":2,"events":11,"entities":22,"bytes":44,"snapshots":55,"snapshotBytes":66}}""")]
    public async Task A_question_is_asked_of_the_facts_and_told_as_the_contract_says(string path, string asked, string answer)
    {
        var cluster = new FakeCluster();
        await using var port = await PortAsync(cluster);
        using var http = Client(port);
        Assert.Equal(answer, await http.GetStringAsync(path));
        Assert.Equal(asked, cluster.Asked);
    }

    [Theory]
    [InlineData("PUT", "/cluster/members/node-1?operation=Down", "", "down node-1", """{"operation":"Down","name":"node-1","node":"akka.tcp://test@127.0.0.1:4053","nodeUid":"m-1","status":"Down","message":"It is down.","takeoverWithinSeconds":2.8}""")]
    [InlineData("DELETE", "/cluster/members/node-1", "", "leave node-1", """{"operation":"Leave","name":"node-1","node":"akka.tcp://test@127.0.0.1:4053","nodeUid":"m-1","status":"Leaving","message":"It leaves.","takeoverWithinSeconds":null}""")]
    [InlineData("POST", "/shards/task/1/move", """{"node":"node-2","expectedEpoch":3,"reason":"r","by":"b"}""", "MoveOrder { Shard = ShardKey { Region = task, Number = 1 }, Node = node-2, Reason = r, By = b, ExpectedEpoch = 3 }", """{"region":"task","shard":1,"from":null,"to":"node-2","epoch":3,"state":"ordered"}""")]
    [InlineData("POST", "/shards/task/0/move", """{"node":"node-2"}""", "MoveOrder { Shard = ShardKey { Region = task, Number = 0 }, Node = node-2, Reason = , By = , ExpectedEpoch =  }", """{"region":"task","shard":0,"from":null,"to":"node-2","epoch":3,"state":"there"}""")]
    [InlineData("POST", "/shards/task/1/pin", """{"node":"node-2"}""", "pin MoveOrder { Shard = ShardKey { Region = task, Number = 1 }, Node = node-2, Reason = , By = , ExpectedEpoch =  }", """{"region":"task","shard":1,"owner":"node-1","pinnedTo":"node-2","epoch":3,"state":"pinned"}""")]
    [InlineData("POST", "/shards/task/1/pin", """{"node":"node-2","expectedEpoch":3}""", "pin MoveOrder { Shard = ShardKey { Region = task, Number = 1 }, Node = node-2, Reason = , By = , ExpectedEpoch = 3 }", """{"region":"task","shard":1,"owner":"node-1","pinnedTo":"node-2","epoch":3,"state":"there"}""")]
    [InlineData("POST", "/shards/task/1/unpin", "{}", "unpin ShardKey { Region = task, Number = 1 }", """{"region":"task","shard":1,"owner":"node-1","pinnedTo":null,"epoch":3,"state":"free"}""")]
    [InlineData("POST", "/nodes/node-1/cordon", """{"reason":"r","by":"b"}""", "NodeWish { Node = node-1, Kind = Cordon, Reason = r, By = b }", """{"node":"node-1","state":"cordoned","shards":5,"message":"So be it."}""")]
    [InlineData("POST", "/nodes/node-1/drain", "{}", "NodeWish { Node = node-1, Kind = Drain, Reason = , By =  }", """{"node":"node-1","state":"draining","shards":5,"message":"So be it."}""")]
    [InlineData("POST", "/nodes/node-1/uncordon", "{}", "NodeWish { Node = node-1, Kind = , Reason = , By =  }", """{"node":"node-1","state":"open","shards":5,"message":"So be it."}""")]
    [InlineData("POST", "/shards/rebalance", """{"maxMoves":3,"by":"b"}""", "RebalanceOrder { MaxMoves = 3, Reason = , By = b }", """{"moves":[{"region":"task","shard":0,"from":"node-1","to":"node-2","epoch":3,"state":"ordered"}]}""")]
    [InlineData("POST", "/cluster/members?address=127.0.0.1:4053", "", "join 127.0.0.1:4053", """{"message":"It is a member.","node":"akka.tcp://test@127.0.0.1:4053","name":"node-1"}""", HttpStatusCode.OK)]
    [InlineData("POST", "/entities/task/t-1/passivate", "{}", "passivate task t-1", """{"kind":"task","id":"t-1","region":"task","shard":0,"owner":"node-1","passivated":true}""", HttpStatusCode.OK)]
    public async Task An_order_is_given_and_told_as_the_contract_says(
        string method, string path, string body, string asked, string answer, HttpStatusCode status = HttpStatusCode.Accepted)
    {
        var cluster = new FakeCluster();
        await using var port = await PortAsync(cluster);
        using var http = Client(port);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body.Length == 0 ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        Assert.Equal((status, answer), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(asked, cluster.Asked);
    }

    [Theory]
    [InlineData("/cluster/members")]
    [InlineData("/cluster/where/task/t-1")]
    [InlineData("/journal/verify/task/0")]
    public async Task A_cluster_that_knows_nothing_now_is_a_503_with_its_words(string path)
    {
        await using var port = await PortAsync(
            new FakeCluster { Failure = new FactsUnavailableException("Not now.", new TimeoutException()) });
        Assert.Equal((503, "The store does not answer", "Not now."), await ProblemAsync(port, path));
    }

    [Theory]
    [InlineData(409, null, "Refused")]
    [InlineData(503, null, "Not now")]
    [InlineData(404, "No such member", "No such member")]
    public async Task A_refusal_is_told_with_its_title_and_its_words(int status, string? title, string told)
    {
        await using var port = await PortAsync(new FakeCluster { Failure = new OrderRefusedException(status, "Because.", title) });
        Assert.Equal((status, told, "Because."), await ProblemAsync(port, "/cluster/members/node-1"));
    }

    [Theory]
    [InlineData("/cluster/shards/cart", 404, "Unknown region")]
    [InlineData("/cluster/where/cart/1", 404, "Unknown kind")]
    [InlineData("/entities/cart/1", 404, "Unknown kind")]
    [InlineData("/entities/cart/1/events?limit=0", 404, "Unknown kind")]
    [InlineData("/entities/task/t-1/events?limit=1001", 400, "Wrong page")]
    [InlineData("/entities/task/t-1/events?after=-1", 400, "Wrong page")]
    [InlineData("/shards/decisions?limit=1001", 400, "Wrong page")]
    [InlineData("/shards/decisions?after=-1", 400, "Wrong page")]
    public async Task What_cannot_be_asked_is_not_asked(string path, int status, string title)
    {
        var cluster = new FakeCluster();
        await using var port = await PortAsync(cluster);
        var (told, named, _) = await ProblemAsync(port, path);
        Assert.Equal((status, title, ""), (told, named, cluster.Asked));
    }

    [Fact]
    public async Task A_shard_of_a_region_that_is_not_there_is_not_found()
    {
        await using var port = await PortAsync(new FakeCluster());
        Assert.Equal((404, "No such shard", "There is no shard 2 of a region task."), await ProblemAsync(port, "/journal/verify/task/2"));
    }

    [Fact]
    public async Task A_node_that_is_no_member_is_neither_started_nor_ready()
    {
        await using var port = await PortAsync(new FakeCluster { Failure = new TimeoutException() });
        using var http = Client(port);
        using var started = await http.GetAsync("/startup");
        using var ready = await http.GetAsync("/ready");
        Assert.Equal(
            (
                """{"status":"not started","reasons":["the node is not a member yet"]}""",
                """{"status":"not ready","reasons":["the node is not a member"]}"""
            ),
            (await started.Content.ReadAsStringAsync(), await ready.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (started.StatusCode, ready.StatusCode));
    }

    private static async Task<(int Status, string? Title, string? Detail)> ProblemAsync(WebApplication port, string path)
    {
        using var http = Client(port);
        using var response = await http.GetAsync(path);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        return ((int)response.StatusCode, problem.GetProperty("title").GetString(), problem.GetProperty("detail").GetString());
    }

    private static HttpClient Client(WebApplication port) => new()
    {
        BaseAddress = new Uri(port.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
    };

    private static async Task<WebApplication> PortAsync(FakeCluster cluster)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IClusterFacts>(cluster).AddSingleton<IEntityFacts>(cluster).AddSingleton<IClusterOrders>(cluster);
        var port = builder.Build();
        HealthEndpoints.Map(port);
        ClusterEndpoints.Map(port);
        MemberEndpoints.Map(port);
        EntityEndpoints.Map(port);
        JournalEndpoints.Map(port);
        ShardEndpoints.Map(port);
        DecisionEndpoints.Map(port);
        NodeOrderEndpoints.Map(port);
        await port.StartAsync();
        return port;
    }
}
