using System.Collections.Concurrent;
using System.Net.Sockets;

namespace AkkaScale.Tests.MultiNode.Membership;

/// <summary>Asks one address again and again, by several clients at once, and remembers each answer with its time.</summary>
internal sealed class PortPoll : IAsyncDisposable
{
    private readonly TimeSpan _pause;
    private readonly ConcurrentQueue<Poll> _polls = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<HttpClient> _clients = [];
    private readonly Task _polling;

    /// <summary>Half of the clients keep their connection, the others open one for each request.</summary>
    /// <param name="pauseMilliseconds">Of a client between two requests.</param>
    public PortPoll(Uri address, int clients = 4, int pauseMilliseconds = 2)
    {
        _pause = TimeSpan.FromMilliseconds(pauseMilliseconds);
        for (var number = 0; number < clients; number++)
        {
            var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
            http.DefaultRequestHeaders.ConnectionClose = number % 2 == 1;
            http.DefaultRequestHeaders.Add("X-Acting-User", "tester");
            _clients.Add(http);
        }

        _polling = Task.WhenAll(_clients.Select(http => Task.Run(() => PollAsync(http, address))));
    }

    /// <summary>In order of their answers.</summary>
    public IReadOnlyList<Poll> Polls => [.. _polls];

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _polling;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _clients.ForEach(http => http.Dispose());
        _stop.Dispose();
    }

    private async Task PollAsync(HttpClient http, Uri address)
    {
        while (!_stop.IsCancellationRequested)
        {
            var sentAt = TimeProvider.System.GetUtcNow();
            int? status;
            try
            {
                using var answer = await http.GetAsync(address);
                status = (int)answer.StatusCode;
            }
            catch (Exception error) when (error is HttpRequestException or IOException or SocketException or OperationCanceledException)
            {
                status = null;
            }

            _polls.Enqueue(new Poll(sentAt, TimeProvider.System.GetUtcNow(), status));
            await Task.Delay(_pause);
        }
    }

    /// <param name="Status">Null: nobody answered.</param>
    internal sealed record Poll(DateTimeOffset SentAt, DateTimeOffset EndedAt, int? Status);
}
