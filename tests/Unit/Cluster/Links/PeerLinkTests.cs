using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaScale.Cluster.Links;

namespace AkkaScale.Tests.Unit.Cluster.Links;

/// <summary>How a link ends, against a server that ends it in each way that there is.</summary>
public sealed class PeerLinkTests
{
    private const string Linked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_the_other_system_closes_or_resets_is_an_end_without_a_word(bool reset) =>
        Assert.True(await HoldAsync(Linked, client => client.LingerState = new LingerOption(reset, 0)));

    [Fact]
    public async Task A_link_that_is_ended_in_order_is_none() => Assert.False(await HoldAsync(Linked + "0\r\n\r\n", _ => { }));

    [Theory]
    [InlineData(404)]
    [InlineData(503)]
    public async Task Another_incarnation_or_one_that_is_not_there_yet_is_no_link(int status) =>
        await Assert.ThrowsAsync<HttpRequestException>(() => HoldAsync($"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n", _ => { }));

    [Fact]
    public async Task Who_closes_it_itself_learns_nothing()
    {
        using var listener = Listen(out var url);
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var stopping = new CancellationTokenSource();
        var link = PeerLink.HoldAsync(http, url, "i", stopping.Token);
        using var client = await ServeAsync(listener, Linked);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => link.WaitAsync(Bound));
    }

    private static async Task<bool> HoldAsync(string answer, Action<TcpClient> prepare)
    {
        using var listener = Listen(out var url);
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var link = PeerLink.HoldAsync(http, url, "i", CancellationToken.None);
        using (var client = await ServeAsync(listener, answer))
        {
            prepare(client);
        }

        return await link.WaitAsync(Bound);
    }

    private static TcpListener Listen(out string url)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        url = $"http://{listener.LocalEndpoint}";
        return listener;
    }

    /// <summary>Reads the request, so that closing does not reset by itself, and answers.</summary>
    private static async Task<TcpClient> ServeAsync(TcpListener listener, string answer)
    {
        var client = await listener.AcceptTcpClientAsync().WaitAsync(Bound);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
        Assert.Equal($"GET {PeerLink.Path}?incarnation=i HTTP/1.1", await reader.ReadLineAsync().WaitAsync(Bound));
        while (await reader.ReadLineAsync().WaitAsync(Bound) is { Length: > 0 })
        {
        }

        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer)).AsTask().WaitAsync(Bound);
        return client;
    }
}
