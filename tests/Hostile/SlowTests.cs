using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using AkkaScale.TestKit;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.Hostile;

/// <summary>Those who take their time. All at once, since each is waited for to its deadline.</summary>
[Collection(Arena.Collection)]
public sealed class SlowTests(Arena arena, ITestOutputHelper output)
{
    /// <summary>
    /// There is no stream of events to read slowly. These ask for the largest page there is again and again on one connection, until the system's own buffers, some 2.6 MB for each on
    /// loopback, are full: a thousand of them would measure those.
    /// </summary>
    private const int SlowReaders = 60;

    private const int PagesAsked = 16;
    private const int Drips = 100;

    private static readonly TimeSpan HeaderDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BodyGrace = TimeSpan.FromSeconds(5);
    /// <summary>akka.remote.handshake-timeout, with the pauses of what closes.</summary>
    private static readonly TimeSpan HandshakeDeadline = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ReaderDeadline = TimeSpan.FromSeconds(14);

    /// <summary>What a busy machine may add.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task Who_dawdles_is_closed_at_the_deadline()
    {
        await arena.TaskAsync("slow");
        using (var client = new GatewayClient(RawHttp.Bound))
        {
            for (var comment = 0; comment < 20; comment++)
            {
                Assert.True((await client.PostAsync(arena.Target.Gateway, "/tasks/slow/comment", new { text = new string('x', 16 * 1024) }, $"slow-{comment}")).IsSuccess);
            }
        }

        await arena.EndureAsync("slowloris on HTTP and remoting port, slow readers", output, async () =>
        {
            var header = Encoding.ASCII.GetBytes("GET /users/tester HTTP/1.1\r\nHost: x\r\nX-Slow: ");
            var body = Encoding.ASCII.GetBytes("PUT /users/slow HTTP/1.1\r\nHost: x\r\nX-Acting-User: tester\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
            var chunk = Encoding.ASCII.GetBytes("PUT /users/slow HTTP/1.1\r\nHost: x\r\nX-Acting-User: tester\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n{");
            var (gateway, management, cluster) = (arena.Target.Settings.GatewayPort, arena.Target.Settings.ManagementPort, arena.Target.Settings.ClusterPort);
            var page = Encoding.ASCII.GetBytes("GET /tasks/slow/comments?limit=500 HTTP/1.1\r\nHost: x\r\n\r\n");
            var slow = new List<Task>
            {
                DripAsync("header on the gateway", gateway, Drips, header, HeaderDeadline),
                DripAsync("header on the management port", management, Drips, header, HeaderDeadline),
                DripAsync("body on the gateway", gateway, Drips, body, BodyGrace),
                DripAsync("chunk on the gateway", gateway, Drips, chunk, BodyGrace),
                DripAsync("nothing on the remoting port", cluster, Drips, [], HandshakeDeadline),
                ReadersAsync(gateway, page),
            };
            if (arena.Nginx is { } nginx)
            {
                slow.Add(DripAsync("header on nginx", nginx.Port, Drips, header, HeaderDeadline));
            }

            await Task.WhenAll(slow);
        });
    }

    /// <summary>Sends a beginning, then a byte every now and then.</summary>
    private async Task DripAsync(string what, int port, int connections, byte[] beginning, TimeSpan deadline)
    {
        var clock = Stopwatch.StartNew();
        using var flood = await Flood.OpenAsync(port, connections, beginning);
        var opened = clock.Elapsed;
        while (Flood.Closed(flood.Sockets, drained: true) is var closed && closed < connections)
        {
            Assert.True(clock.Elapsed < opened + deadline + Slack, $"{what}: {connections - closed} of {connections} were still open after {clock.Elapsed.TotalSeconds:0.0} s");
            if (beginning.Length > 0)
            {
                foreach (var socket in flood.Sockets)
                {
                    try
                    {
                        socket.Send("x"u8, SocketFlags.None, out _);
                    }
                    catch (SocketException)
                    {
                        // closed: that is counted above
                    }
                }
            }

            await Task.Delay(500);
        }

        Figures.Write(output, $"slow {what}: {connections} connections, all closed after {clock.Elapsed.TotalSeconds:0.0} s (deadline {deadline.TotalSeconds:0} s)");
    }

    /// <summary>
    /// Asks for the largest answers there are and reads none. That the node has let them go is seen at the node: the system still holds what was sent, and the end of the connection behind it.
    /// </summary>
    private async Task ReadersAsync(int port, byte[] request)
    {
        const string Requests = "akkascale_gateway_requests_total";
        var clock = Stopwatch.StartNew();
        var before = await Metrics.SumAsync(arena.Target, Requests, "code=\"reader-too-slow\"");
        using var readers = await Flood.OpenAsync(port, SlowReaders, [.. Enumerable.Repeat(request, PagesAsked).SelectMany(page => page)], receiveBuffer: 4 * 1024);
        var opened = clock.Elapsed;
        await Eventually.Holds($"{SlowReaders} readers that do not read are let go", ReaderDeadline + Slack + Slack, async () =>
            await Metrics.SumAsync(arena.Target, Requests, "code=\"reader-too-slow\"") - before is var gone && gone >= SlowReaders ? null : $"{gone}");
        Figures.Write(output, $"slow readers: {SlowReaders} of {PagesAsked} pages of 256 KiB each, opened in {opened.TotalSeconds:0.0} s, all let go after {clock.Elapsed.TotalSeconds:0.0} s");
    }
}
