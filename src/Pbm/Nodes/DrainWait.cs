using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.Nodes;

/// <summary>Looks at the map until a node owns no shard.</summary>
/// <param name="first">Shards that it had when it was ordered.</param>
internal sealed class DrainWait(ManagementClient client, string node, int first, TimeSpan patience, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private int _left = int.MaxValue;

    public int First { get; } = first;

    public int Left => Volatile.Read(ref _left) is var left and < int.MaxValue ? left : First;

    /// <returns>False: for too long none left it.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var progressed = time.GetTimestamp();
        while (true)
        {
            var map = await client.GetAsync("/cluster/shards", ManagementJson.Default.ShardMap, cancellation).ConfigureAwait(false);
            var left = map.Shards.Count(shard => shard.Owner == node);
            if (left < Interlocked.Exchange(ref _left, left))
            {
                progressed = time.GetTimestamp();
            }

            if (left == 0)
            {
                return true;
            }

            if (time.GetElapsedTime(progressed) >= patience)
            {
                return false;
            }

            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        }
    }
}
