using System.CommandLine;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.Shards;

/// <summary>Looks at the map until every shard runs on the node that it was ordered to.</summary>
internal sealed class MoveWait(ManagementClient client, IReadOnlyList<(ShardName Shard, string To)> moves, TimeSpan patience, TimeProvider time)
{
    public static readonly Option<int> Timeout =
        NumberOption.Create("--timeout", 60, 1, 86_400, "Seconds without any shard arriving before giving up to wait.");

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private int _arrived;

    public int Arrived => Volatile.Read(ref _arrived);

    public static TimeSpan TimeoutOf(ParseResult parsed) => TimeSpan.FromSeconds(parsed.GetValue(Timeout));

    /// <returns>False: for too long none arrived.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var progressed = time.GetTimestamp();
        while (true)
        {
            var map = await client.GetAsync("/cluster/shards", ManagementJson.Default.ShardMap, cancellation).ConfigureAwait(false);
            var owners = map.Shards.Where(shard => shard.Target is null).ToDictionary(shard => shard.Name, shard => shard.Owner);
            var arrived = moves.Count(move => owners.GetValueOrDefault(move.Shard) == move.To);
            if (arrived > Interlocked.Exchange(ref _arrived, arrived))
            {
                progressed = time.GetTimestamp();
            }

            if (arrived == moves.Count)
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
