using System.Diagnostics;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.Hostile;

/// <summary>Too many of something that is harmless one by one.</summary>
[Collection(Arena.Collection)]
public sealed class FloodTests(Arena arena, ITestOutputHelper output)
{
    private const string Closed = "akkascale_http_connections_closed_total";
    private const string Open = "akkascale_http_connections";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public Task Idle_connections_are_bounded_and_the_oldest_go() => arena.EndureAsync("10,000 idle connections", output, async () =>
    {
        var clock = Stopwatch.StartNew();
        var before = await Metrics.SumAsync(arena.Target, Closed, "port=\"gateway\"", "reason=\"made_room\"");
        using var flood = await Flood.OpenAsync(arena.Target.Settings.GatewayPort, Flood.Size, []);
        var over = Flood.Size - Flood.GatewayBound;
        await Metrics.ReachesAsync(arena.Target, before + over, Closed, "port=\"gateway\"", "reason=\"made_room\"");

        var held = await Metrics.SumAsync(arena.Target, Open, "port=\"gateway\"");
        Figures.Write(output, $"idle connections: {Flood.Size} opened in {clock.Elapsed.TotalSeconds:0.0} s, {held} held of {Flood.GatewayBound} allowed {Flood.Scale}");
        Assert.InRange(held, 0, Flood.GatewayBound);
        await Eventually.Holds("the oldest are closed", Bound, () => Flood.Closed(flood.Sockets.Take(over / 2)) is var closed && closed == over / 2 ? null : $"{closed} of {over / 2}");
        Assert.Equal(0, Flood.Closed(flood.Sockets.TakeLast(Flood.GatewayBound / 2)));
        Assert.Contains("The gateway port holds its bound of", arena.Target.Log);

        // Somebody who comes now is served.
        Assert.Equal(200, RawHttp.StatusOf(await RawHttp.ExchangeAsync(arena.Target.Settings.GatewayPort, RawHttp.Request("GET /"))));
    });

    [Fact]
    public Task Idle_connections_to_the_management_port_are_bounded_too() => arena.EndureAsync("idle connections on the management port", output, async () =>
    {
        using var guests = await Flood.OpenAsync(arena.Target.Settings.ManagementPort, 400, []);
        await Metrics.ReachesAsync(arena.Target, 1, Closed, "port=\"management\"", "reason=\"made_room\"");
        Assert.InRange(await Metrics.SumAsync(arena.Target, Open, "port=\"management\""), 0, 256);
        Assert.Contains("The management port holds its bound of 256 connections", arena.Target.Log);
    });

    [Fact]
    public Task New_ids_do_not_fill_the_memory() => arena.EndureAsync("100,000 distinct new ids a minute", output, async () =>
    {
        const int PerSecond = 100_000 / 60;
        const int Ids = 6 * PerSecond;
        const int Workers = 24;
        var longest = TimeSpan.FromSeconds(12);
        using var client = new GatewayClient(Bound);
        using var over = new CancellationTokenSource();
        var looking = LookAtResidentsAsync(over.Token);
        var clock = Stopwatch.StartNew();
        var (asked, created) = (0, 0L);
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            for (int number; clock.Elapsed < longest && (number = Interlocked.Increment(ref asked)) <= Ids;)
            {
                // One in eight is written, the others are only asked for, which brings them into memory as well.
                var gateway = arena.Cluster.Nodes[number % 3].Gateway;
                var path = $"/users/flood-{Guid.NewGuid():N}";
                var answer = number % 8 == 0 ? await client.PutAsync(gateway, path, new { name = "F" }) : await client.GetAsync(gateway, path);
                Assert.True((int)answer.Status == (number % 8 == 0 ? 201 : 404), answer.ToString());
                Interlocked.Add(ref created, number % 8 == 0 ? 1 : 0);
                var ahead = TimeSpan.FromSeconds((double)number / PerSecond) - clock.Elapsed;
                if (ahead > TimeSpan.Zero)
                {
                    await Task.Delay(ahead);
                }
            }
        })));
        var seconds = clock.Elapsed.TotalSeconds;
        foreach (var node in arena.Cluster.Nodes)
        {
            await Eventually.Holds($"{node.Name} keeps {Arena.MaxResidentEntities} entities", Bound, async () =>
                await ResidentsAsync(node) is var residents && residents <= Arena.MaxResidentEntities ? null : $"{residents}");
        }

        await over.CancelAsync();
        var most = await looking;
        var ids = Math.Min(asked, Ids);
        Figures.Write(output, $"new ids: {ids} in {seconds:0.0} s, {ids / seconds * 60:0} a minute; at most {most} resident on a node, bound {Arena.MaxResidentEntities}");
        Assert.True(ids > 4 * Arena.MaxResidentEntities, $"only {ids} ids: that is no flood");
        Assert.True(most <= 2 * Arena.MaxResidentEntities, $"{most} resident at one moment");
        return created;
    });

    private static Task<double> ResidentsAsync(NodeProcess node) => Metrics.SumAsync(node, "akkascale_entity_residents");

    private async Task<double> LookAtResidentsAsync(CancellationToken over)
    {
        var most = 0.0;
        while (!over.IsCancellationRequested)
        {
            foreach (var node in arena.Cluster.Nodes)
            {
                most = Math.Max(most, await ResidentsAsync(node));
            }

            await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(300), over));
        }

        return most;
    }
}
