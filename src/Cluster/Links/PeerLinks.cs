using System.Collections.Concurrent;
using AkkaScale.Cluster.Liveness;
using AkkaScale.Cluster.Members;

namespace AkkaScale.Cluster.Links;

/// <summary>This process's links to all other live members, made anew while they live. The members are given by one thread.</summary>
internal sealed class PeerLinks : IDisposable
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly string _own;
    private readonly TimeProvider _time;
    private readonly Action _ended;
    private readonly Dictionary<string, CancellationTokenSource> _links = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Incarnation, TimeSpan At)> _ends = new();
    private readonly HttpClient _http;

    /// <param name="ended">Called, on any thread, when a link has ended.</param>
    public PeerLinks(string own, TimeProvider time, Action ended)
    {
        (_own, _time, _ended) = (own, time, ended);
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = ConnectPatience,
            UseProxy = false,
            AllowAutoRedirect = false,
            PooledConnectionIdleTimeout = TimeSpan.Zero,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // of a response that is not to end; connecting has a bound of its own
        };
    }

    /// <summary>Links to those that are live, and to nobody else.</summary>
    public void Update(IReadOnlyCollection<NodeRow> nodes)
    {
        var live = nodes.Where(node => node.IsLive && node.Incarnation != _own && node.ManagementUrl is not null)
            .ToDictionary(node => node.Incarnation, StringComparer.Ordinal);
        foreach (var (gone, link) in _links.Where(link => !live.ContainsKey(link.Key)).ToList())
        {
            _links.Remove(gone);
            link.Cancel();
            link.Dispose();
        }

        foreach (var node in live.Values.Where(node => !_links.ContainsKey(node.Incarnation)))
        {
            var stopping = new CancellationTokenSource();
            _links.Add(node.Incarnation, stopping);
            _ = Task.Run(() => KeepAsync(node, stopping.Token));
        }
    }

    /// <summary>Links that the other side closed without a word since the last call, with this process's own monotonic time.</summary>
    public IReadOnlyList<(string Incarnation, TimeSpan At)> TakeEnds()
    {
        var ends = new List<(string, TimeSpan)>();
        while (_ends.TryDequeue(out var end))
        {
            ends.Add(end);
        }

        return ends;
    }

    public void Dispose()
    {
        Update([]);
        _http.Dispose();
    }

    private async Task KeepAsync(NodeRow node, CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                try
                {
                    if (await PeerLink.HoldAsync(_http, node.ManagementUrl!, node.Incarnation, stopping))
                    {
                        _ends.Enqueue((node.Incarnation, _time.Monotonic()));
                        _ended();
                    }
                }
                catch (Exception error) when (error is HttpRequestException or IOException or UriFormatException)
                {
                    // Not there, or not yet: without a link the other rules serve.
                }

                await Task.Delay(Pause, _time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Closed by us.
        }
    }
}
