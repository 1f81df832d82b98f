using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.MultiNode.Membership;

/// <summary>Clients of a cluster whose nodes are ended: writers of many tasks, and writers and readers of one, who would notice a read that goes back.</summary>
internal sealed class ShutdownClients : IAsyncDisposable
{
    private readonly ClusterFixture _cluster;
    private readonly TaskLoad _tasks;
    private readonly HotEntityLoad _hot;
    private readonly long _before;

    private ShutdownClients(ClusterFixture cluster, TaskLoad tasks, HotEntityLoad hot, long before) =>
        (_cluster, _tasks, _hot, _before) = (cluster, tasks, hot, before);

    /// <summary>A task that is there.</summary>
    public string Task => _hot.Id;

    public static async Task<ShutdownClients> StartAsync(ClusterFixture cluster)
    {
        var before = await cluster.VerifyJournalAsync();
        var tasks = await TaskLoad.StartAsync(cluster.Gateways(), workers: 10, attemptTimeout: TimeSpan.FromSeconds(5));
        try
        {
            return new ShutdownClients(cluster, tasks, await HotEntityLoad.StartAsync(cluster.Gateways(), writers: 2, readers: 4), before);
        }
        catch
        {
            await tasks.DisposeAsync();
            throw;
        }
    }

    /// <summary>They are served.</summary>
    public Task ProgressAsync() => System.Threading.Tasks.Task.WhenAll(_tasks.ProgressAsync(100), _hot.ProgressAsync(20));

    /// <summary>Ends them: what was acknowledged is there, once, no read went back, and the journal is as it should be.</summary>
    public async Task CheckAsync()
    {
        await _hot.StopAndCheckAsync();
        await _tasks.StopAndCheckAsync();
        await _cluster.VerifyJournalAsync(_tasks, _before + _hot.Rows);
    }

    public override string ToString() => $"{_tasks}; {_hot}";

    public async ValueTask DisposeAsync()
    {
        await _hot.DisposeAsync();
        await _tasks.DisposeAsync();
    }
}
