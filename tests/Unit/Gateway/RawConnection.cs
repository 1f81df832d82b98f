using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace AkkaScale.Tests.Unit.Gateway;

/// <summary>A connection on which exactly the given bytes are sent, for what no HTTP client would send.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly List<byte> _received = [];

    private RawConnection()
    {
    }

    public static async Task<RawConnection> OpenAsync(GatewayHost host)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync("127.0.0.1", host.Port);
        return connection;
    }

    /// <summary>One request on a connection of its own, and its answer.</summary>
    public static async Task<HttpAnswer> ExchangeAsync(GatewayHost host, string request)
    {
        await using var connection = await OpenAsync(host);
        await connection.SendAsync(request);
        return await connection.ReceiveAsync();
    }

    /// <summary>Each char is one byte.</summary>
    public Task SendAsync(string bytes) => SendAsync(Encoding.Latin1.GetBytes(bytes));

    public async Task SendAsync(byte[] bytes) => await _client.GetStream().WriteAsync(bytes).AsTask().WaitAsync(Patience);

    /// <summary>The next answer, by its Content-Length.</summary>
    public async Task<HttpAnswer> ReceiveAsync()
    {
        int end;
        while ((end = Head().IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            Assert.True(await ReadMoreAsync(), $"The connection was closed before an answer; received: {Head()}");
        }

        var lines = Head()[..end].Split("\r\n");
        var headers = lines[1..].Select(line => line.Split(": ", 2)).ToDictionary(parts => parts[0], parts => parts[1], StringComparer.OrdinalIgnoreCase);
        var length = int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture);
        while (_received.Count < end + 4 + length)
        {
            Assert.True(await ReadMoreAsync(), "The connection was closed within an answer.");
        }

        var body = Encoding.UTF8.GetString([.. _received[(end + 4)..(end + 4 + length)]]);
        _received.RemoveRange(0, end + 4 + length);
        return new(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, body);
    }

    /// <summary>Waits until the server closes; fails if it sends anything more or keeps the connection.</summary>
    public async Task ExpectClosedAsync()
    {
        Assert.False(await ReadMoreAsync(), $"The server sent more: {Head()}");
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private string Head() => Encoding.Latin1.GetString([.. _received]);

    private async Task<bool> ReadMoreAsync()
    {
        var buffer = new byte[4096];
        try
        {
            var count = await _client.GetStream().ReadAsync(buffer).AsTask().WaitAsync(Patience);
            _received.AddRange(buffer[..count]);
            return count > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
