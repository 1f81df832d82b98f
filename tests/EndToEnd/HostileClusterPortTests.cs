using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using Xunit;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>Bytes of a stranger on the cluster port cost the stranger his connection and nobody else anything.</summary>
public sealed class HostileClusterPortTests
{
    /// <summary>Transport:HandshakeTimeout is 2 s; the rest is for a busy machine.</summary>
    private static readonly TimeSpan CloseBound = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_cluster_shrugs_off_hostile_bytes_on_its_cluster_port()
    {
        await using var cluster = await ClusterFixture.StartAsync(new SqliteTestStore(), nodes: 2);
        var target = cluster.Node("node-1");
        await using var load = await TaskLoad.StartAsync(cluster.Gateways(), workers: 4, tasksPerWorker: 4);
        var members = await cluster.MembersAsync();

        var silent = await ConnectAsync(target);
        foreach (var (what, bytes) in Attacks())
        {
            await ClosesAsync(target, what, bytes);
        }

        await EndsAsync(silent, "a connection that says nothing");
        await load.ProgressAsync(100);

        await load.StopAndCheckAsync();
        Assert.Empty(load.Troubles);
        Assert.False(target.HasExited, target.Tail());
        Assert.Equal(members, await cluster.MembersAsync()); // nobody lost his lease, nobody came in
        await cluster.VerifyJournalAsync(load);
    }

    private static IEnumerable<(string What, byte[] Bytes)> Attacks()
    {
        yield return ("length −1", Length(-1));
        yield return ("length 0", Length(0));
        yield return ("length 2³¹−1", Length(int.MaxValue));
        yield return ("length −2³¹", Length(int.MinValue));
        yield return ("zeros", new byte[4096]);
        yield return ("a truncated frame", [.. Length(100), 1, 1, 2, 3]);
        yield return ("a frame of a kind that needs a handshake first", [.. Length(64), 1, 0x10, .. new byte[62]]);
        yield return ("an HTTP request", Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        yield return ("an HTTP/2 preface", Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        var random = new Random(20_240);
        for (var round = 0; round < 8; round++)
        {
            var garbage = new byte[random.Next(1, 64 * 1024)];
            random.NextBytes(garbage);
            yield return ($"garbage {round}", garbage);
        }
    }

    /// <summary>The length prefix in both byte orders would be a guess; extremes are hostile in either.</summary>
    private static byte[] Length(int length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        return bytes;
    }

    private static async Task ClosesAsync(NodeProcess target, string what, byte[] bytes)
    {
        var socket = await ConnectAsync(target);
        try
        {
            await socket.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // closed while we were still sending: that is the point
        }

        await EndsAsync(socket, what);
    }

    /// <summary>The node closes the connection; it may say a few words before.</summary>
    private static async Task EndsAsync(Socket socket, string what)
    {
        using (socket)
        {
            using var bound = new CancellationTokenSource(CloseBound);
            var buffer = new byte[4096];
            try
            {
                while (await socket.ReceiveAsync(buffer, bound.Token) > 0)
                {
                }
            }
            catch (SocketException)
            {
                // reset: closed all the same
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"the connection was still open {CloseBound.TotalSeconds:0} s after {what}");
            }
        }
    }

    private static async Task<Socket> ConnectAsync(NodeProcess target)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, target.Settings.ClusterPort);
        return socket;
    }
}
