using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using AkkaScale.Node.Options;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Unit.Deploy;

public sealed class NginxTests
{
    private const string Program = "nginx";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public void Nginx_sends_to_the_gateways_port_of_the_compose_file()
    {
        Assert.Contains($"set $gateway gateway:{new NodeOptions().GatewayBind.Split(':')[1]};", DeployFiles.Nginx);
        Assert.NotEmpty(DeployFiles.Service("gateway"));
        Assert.Matches(@"\$\{AKKASCALE_HTTP_PORT:-8080\}:8080", DeployFiles.Service("nginx"));
        Assert.Matches(@"(?m)^\s*listen 8080;", DeployFiles.Nginx);
    }

    [Fact]
    public void Nginx_waits_longer_than_a_client_may_ask_a_gateway_to_try()
    {
        var wait = int.Parse(Regex.Match(DeployFiles.Nginx, @"proxy_read_timeout (\d+)s").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

        Assert.True(wait > 30, "Prefer: wait may be 30 s");
    }

    [InstalledTheory(Program)]
    [InlineData("/tasks/a%2Fb")]
    [InlineData("/tasks/a%252Fb")]
    [InlineData("/tasks//x/../y")]
    [InlineData("/tasks/%E2%82%AC?after=1&limit=%32")]
    public async Task The_request_target_goes_on_as_it_came(string target)
    {
        await using var nginx = await StartAsync();
        var (_, seen) = await nginx.ExchangeAsync($"GET {target} HTTP/1.1\r\nHost: x\r\nX-Request-Id: r-1\r\nX-Forwarded-For: 6.6.6.6\r\ntraceparent: 00-a-b-01\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"GET {target} HTTP/1.1\r\n", seen);
        Assert.Contains("X-Request-Id: r-1\r\n", seen);
        Assert.Contains("traceparent: 00-a-b-01\r\n", seen);
        Assert.Contains("X-Forwarded-For: 127.0.0.1\r\n", seen);
    }

    [InstalledFact(Program)]
    public async Task A_request_id_that_is_no_plain_word_is_replaced()
    {
        await using var nginx = await StartAsync();
        var (_, seen) = await nginx.ExchangeAsync("GET /tasks/t HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\"b c\r\nConnection: close\r\n\r\n");

        Assert.Matches("X-Request-Id: [0-9a-f]{32}\r\n", seen);
    }

    [InstalledFact(Program)]
    public async Task A_body_over_the_limit_is_refused_as_a_problem_before_it_is_read()
    {
        await using var nginx = await StartAsync();
        var (answer, seen) = await nginx.ExchangeAsync($"PUT /tasks/t HTTP/1.1\r\nHost: x\r\nContent-Length: {(256 * 1024) + 1}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 413 ", answer);
        Assert.Contains("application/problem+json", answer);
        Assert.Contains("\"code\":\"request/body-too-large\"", answer);
        Assert.Equal("", seen);
    }

    [InstalledFact(Program)]
    public async Task Where_no_gateway_answers_a_client_is_told_to_repeat()
    {
        await using var nginx = await StartAsync(gateway: false);
        var (answer, _) = await nginx.ExchangeAsync("GET /tasks/t HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 503 ", answer);
        Assert.Contains("Retry-After: 1\r\n", answer);
        Assert.Contains("application/problem+json", answer);
    }

    private static Task<RunningNginx> StartAsync(bool gateway = true) => RunningNginx.StartAsync(gateway);

    /// <summary>The shipped configuration with one recorded socket in the gateways' place.</summary>
    private sealed class RunningNginx : IAsyncDisposable
    {
        private readonly TcpListener _gateway = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly StringBuilder _seen = new();
        private NginxProcess? _nginx;
        private Task _serving = Task.CompletedTask;

        public static async Task<RunningNginx> StartAsync(bool gateway)
        {
            var running = new RunningNginx();
            try
            {
                running._gateway.Start();
                var port = ((IPEndPoint)running._gateway.LocalEndpoint).Port;
                if (gateway)
                {
                    running._serving = running.ServeAsync();
                }
                else
                {
                    running._gateway.Stop();
                }

                running._nginx = await NginxProcess.StartAsync(port);
                return running;
            }
            catch
            {
                await running.DisposeAsync();
                throw;
            }
        }

        /// <summary>Sends a request as it is. Returns the whole answer, and what arrived in the gateway's place.</summary>
        public async Task<(string Answer, string Seen)> ExchangeAsync(string request)
        {
            using var bound = new CancellationTokenSource(Bound);
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _nginx!.Port, bound.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), bound.Token);
            using var reader = new StreamReader(stream);
            var answer = await reader.ReadToEndAsync(bound.Token);
            lock (_seen)
            {
                return (answer, _seen.ToString());
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _gateway.Stop();
            await _serving;
            if (_nginx is not null)
            {
                await _nginx.DisposeAsync();
            }

            _stop.Dispose();
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _gateway.AcceptTcpClientAsync(_stop.Token);
                    var stream = client.GetStream();
                    var buffer = new byte[16 * 1024];
                    var read = await stream.ReadAsync(buffer, _stop.Token);
                    lock (_seen)
                    {
                        _seen.Append(Encoding.Latin1.GetString(buffer, 0, read));
                    }

                    await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), _stop.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException || _stop.IsCancellationRequested)
            {
                // Stopped; a listener that is asked again after its stop objects in a way of its own.
            }
        }
    }
}
