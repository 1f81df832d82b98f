namespace AkkaScale.Pbm.Drills;

/// <summary>
/// Asks the node itself, again and again, whether it is alive, and so finds the moment when it stopped: the order is carried out when that process gets to it,
/// which on a busy machine is later than it said.
/// </summary>
internal sealed class Pulse : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <summary>Shorter than the shortest pause, longer than a busy node takes to answer.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(450);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = Silence, UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
    {
        Timeout = Silence,
    };

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _beats = [];
    private readonly Task _running;

    /// <param name="management">Of the node.</param>
    /// <param name="now">The clock that the shards are watched by.</param>
    public Pulse(Uri management, Func<TimeSpan> now, TimeProvider time) => _running = Task.Run(() => FeelAsync(management, now, time));

    /// <summary>When the node answered last before a silence that reaches past <paramref name="since"/>; null: it has not been.</summary>
    public TimeSpan? StoppedAt(TimeSpan since, TimeSpan now)
    {
        lock (_lock)
        {
            return StoppedAt(_beats, since, now);
        }
    }

    internal static TimeSpan? StoppedAt(IReadOnlyList<TimeSpan> beats, TimeSpan since, TimeSpan now)
    {
        for (var index = 0; index < beats.Count; index++)
        {
            var next = index + 1 < beats.Count ? beats[index + 1] : now;
            if (next > since && next - beats[index] > Silence)
            {
                return beats[index];
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task FeelAsync(Uri management, Func<TimeSpan> now, TimeProvider time)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var answer = await _http.GetAsync(new Uri(management, "/alive"), _stop.Token).ConfigureAwait(false);
                lock (_lock)
                {
                    _beats.Add(now());
                }
            }
            catch (Exception silence) when (silence is HttpRequestException or IOException or OperationCanceledException)
            {
                // That it is silent is what there is to see.
            }

            await Task.Delay(Interval, time, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
