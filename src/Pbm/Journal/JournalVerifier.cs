using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.Journal;

/// <summary>Has every shard's journal checked, a few shards at a time, and sums up. An interruption keeps what was summed up.</summary>
public sealed class JournalVerifier(ManagementClient client, int concurrency, TimeProvider time)
{
    public const int ViolationsKept = 100;

    private static readonly string[] Invariants = ["I1", "I2", "I3"];

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, long> _byInvariant = new(Invariants.ToDictionary(name => name, _ => 0L), StringComparer.Ordinal);
    private readonly List<ShardViolation> _violations = [];
    private readonly long _started = time.GetTimestamp();
    private long _events;
    private long _entities;
    private long _violationCount;

    public int ShardCount { get; private set; }

    public int ShardsRead { get; private set; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        var status = await client.GetAsync("/cluster/status", ManagementJson.Default.ClusterStatus, cancellation).ConfigureAwait(false);
        ShardCount = status.ShardCount;
        var options = new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellation };
        await Parallel.ForEachAsync(ShardRegions.Of(status), options, async (shard, token) =>
            Add(await client.GetAsync($"/journal/verify/{shard.Path}", ManagementJson.Default.ShardVerification, token).ConfigureAwait(false)))
            .ConfigureAwait(false);
    }

    public JournalVerification Summary()
    {
        lock (_lock)
        {
            return new JournalVerification(
                ShardCount > 0 && ShardsRead == ShardCount, ShardCount, ShardsRead, _events, _entities, _violationCount,
                new SortedDictionary<string, long>(_byInvariant, StringComparer.Ordinal),
                [.. _violations.OrderBy(violation => violation.Region, StringComparer.Ordinal).ThenBy(violation => violation.Shard)],
                Math.Round(time.GetElapsedTime(_started).TotalSeconds, 3));
        }
    }

    private void Add(ShardVerification shard)
    {
        lock (_lock)
        {
            ShardsRead++;
            _events += shard.Events;
            _entities += shard.Entities;
            _violationCount += shard.Violations.Count;
            foreach (var violation in shard.Violations)
            {
                _byInvariant[violation.Invariant] = _byInvariant.GetValueOrDefault(violation.Invariant) + 1;
                if (_violations.Count < ViolationsKept)
                {
                    _violations.Add(new ShardViolation(shard.Region, shard.Shard, violation.Invariant, violation.Entity, violation.Detail));
                }
            }
        }
    }
}
