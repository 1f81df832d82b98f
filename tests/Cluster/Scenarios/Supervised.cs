using AkkaScale.Cluster.Options;
using AkkaScale.Tests.Cluster.Processes;

namespace AkkaScale.Tests.Cluster.Scenarios;

/// <summary>A node process that is started again whenever it ends, unless it was refused.</summary>
internal sealed class Supervised
{
    private readonly CancellationTokenSource _release = new();
    private readonly Task _running;
    private volatile NodeProcess _current;

    public Supervised(ProbeCluster cluster, string name)
    {
        _current = cluster.StartProcess(name);
        _running = Task.Run(() => RunAsync(cluster));
    }

    public NodeProcess Current => _current;

    /// <summary>From now on it is left alone.</summary>
    public async Task ReleaseAsync()
    {
        await _release.CancelAsync();
        await _running;
        _release.Dispose();
    }

    private async Task RunAsync(ProbeCluster cluster)
    {
        while (true)
        {
            await Task.WhenAny(_current.Ended, Task.Delay(Timeout.Infinite, _release.Token));
            if (_release.IsCancellationRequested || _current.Ended.Result.Code == (int)NodeEnd.Refused)
            {
                return;
            }

            _current = cluster.StartAgain(_current);
        }
    }
}
