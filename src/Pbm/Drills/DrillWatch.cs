using System.Net;

namespace AkkaScale.Pbm.Drills;

/// <summary>
/// Reads one entity of each shard, again and again, through gateways of other nodes. An attempt is given up after half a second and made again, so that what is
/// measured is when the cluster answers and not how long a client waits.
/// </summary>
internal sealed class DrillWatch : IAsyncDisposable
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = AttemptTimeout, UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
    {
        Timeout = AttemptTimeout,
    };

    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly IReadOnlyList<Uri> _gateways;
    private readonly Task _running;
    private long _failed;

    public DrillWatch(IReadOnlyList<Uri> gateways, IReadOnlyList<DrillProbe> probes, TimeProvider time)
    {
        (_gateways, _time, _started) = (gateways, time, time.GetTimestamp());
        Records = [.. probes.Select(probe => new ShardRecord(probe.Shard))];
        _running = Task.WhenAll(probes.Select((probe, index) => Task.Run(() => WatchAsync(Records[index], probe.Path, index))));
    }

    public IReadOnlyList<ShardRecord> Records { get; }

    public TimeSpan Now => _time.GetElapsedTime(_started);

    public long FailedAttempts => Interlocked.Read(ref _failed);

    /// <summary>Waits until every shard has answered a read that was sent after <paramref name="since"/>.</summary>
    /// <returns>False: not all did by <paramref name="until"/>.</returns>
    public async Task<bool> AllAnsweredAsync(TimeSpan since, TimeSpan until, CancellationToken cancellation)
    {
        while (Records.Any(record => record.Answers is not [.., var last] || last < since))
        {
            if (Now > until)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), _time, cancellation).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>The longest time between <paramref name="from"/> and now in which no shard at all answered.</summary>
    public TimeSpan LongestGap(TimeSpan from)
    {
        var (longest, previous) = (TimeSpan.Zero, from);
        foreach (var answer in Records.SelectMany(record => record.Answers).Where(answer => answer > from).Order())
        {
            longest = answer - previous > longest ? answer - previous : longest;
            previous = answer;
        }

        return longest;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task WatchAsync(ShardRecord record, string path, int index)
    {
        try
        {
            // Spread over the interval, else all of them would ask in the same moment.
            await Task.Delay(Interval * (index % 16 / 16.0), _time, _stop.Token).ConfigureAwait(false);
            for (var attempt = 0; !_stop.IsCancellationRequested;)
            {
                var began = Now;
                if (await IsAnsweredAsync(_gateways[(index + attempt) % _gateways.Count], path).ConfigureAwait(false))
                {
                    record.Answered(Now);
                }
                else
                {
                    Interlocked.Increment(ref _failed);
                    attempt++;
                }

                var pause = Interval - (Now - began);
                if (pause > TimeSpan.Zero)
                {
                    await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The watch is over.
        }
    }

    /// <summary>There need not be such an entity: that it is not there is the owner's answer, too.</summary>
    private async Task<bool> IsAnsweredAsync(Uri gateway, string path)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway, path));
            request.Headers.Add("X-Acting-User", "pbm");
            using var answer = await _http.SendAsync(request, _stop.Token).ConfigureAwait(false);
            return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound;
        }
        catch (Exception silence) when (silence is HttpRequestException or IOException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
