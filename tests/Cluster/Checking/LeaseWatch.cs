using System.Data.Common;
using AkkaScale.Tests.Cluster.Databases;

namespace AkkaScale.Tests.Cluster.Checking;

/// <summary>Reads the lease rows all the time: an epoch has one owner, and epochs only grow.</summary>
internal sealed class LeaseWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly ProbeDatabase _database;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<(string Name, long Epoch), string> _owners = [];
    private readonly Dictionary<string, long> _highest = [];
    private readonly List<string> _faults = [];
    private readonly Task _running;

    public LeaseWatch(ProbeDatabase database)
    {
        _database = database;
        _running = Task.Run(RunAsync);
    }

    public async Task AssertSoundAsync()
    {
        await DisposeAsync();
        Assert.True(_faults.Count == 0, string.Join("\n", _faults.Take(20)));
        Assert.NotEmpty(_owners);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                foreach (var lease in await _database.LeasesAsync())
                {
                    Look(lease);
                }
            }
            catch (DbException)
            {
                // The database is away, or has no tables yet.
            }

            await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Look(LeaseView lease)
    {
        if (lease.Epoch < _highest.GetValueOrDefault(lease.Name))
        {
            _faults.Add($"{lease} after the epoch {_highest[lease.Name]}");
        }

        _highest[lease.Name] = lease.Epoch;
        if (lease.Owner is { } owner && !_owners.TryAdd((lease.Name, lease.Epoch), owner) && _owners[(lease.Name, lease.Epoch)] != owner)
        {
            _faults.Add($"{lease} was owned by {_owners[(lease.Name, lease.Epoch)]}");
        }
    }
}
