using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding;

namespace AkkaScale.Hosting.Doctor;

/// <summary>
/// Computes what a fault costs. A node that dies is noticed by its renew counter alone: an observer waits TTL·(1+g) from the reading that first
/// showed the last counter, and acts at the poll after that. So the time depends on how long before its death the node had renewed, and on when the
/// survivors poll; the expected value takes the means of both.
/// </summary>
internal static class Predicting
{
    /// <summary>What the promise allows for everything that is not a wait: scheduling, a pause of the runtime, a busy disk.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    /// <summary>Down, dead, coordinator, targets: each a write of the store, most followed by a reading.</summary>
    private const int WritesBeforeTakeover = 4;

    /// <param name="lease">Of the cluster: lifetime, tolerated drift, polls.</param>
    /// <param name="store">How long the store takes for a small question.</param>
    /// <param name="survivors">Members that observe the one that dies; at least one.</param>
    /// <param name="shardsEach">Shards that each of them takes over.</param>
    public static Predictions Predict(ClusterOptions lease, ShardingOptions sharding, StoreLatency store, int survivors, int shardsEach)
    {
        var observers = Math.Max(1, survivors);
        var batches = Math.Max(1, (shardsEach + IClusterStore.MaxShardsPerTransaction - 1) / IClusterStore.MaxShardsPerTransaction);
        var load = store.Longest;
        return new Predictions(
            [
                new("the poll that sees the last renewal", lease.PollInterval),
                new("the lease, and the tolerated drift", lease.ObservedExpiry),
                new("two polls: to declare it dead, and to take over", lease.PollInterval * 2),
                new("loading from the store", load),
                new("allowance for a busy machine", Slack),
            ],
            [
                new("the lease, and the tolerated drift", lease.ObservedExpiry),
                new("less what had passed of it", -PassedOfLease(lease)),
                new("the poll that finds it over", lease.PollInterval / (observers + 1)),
                new("declaring it dead and choosing new owners", store.Median * (WritesBeforeTakeover * 2)),
                new("taking the shards over", (lease.LeaseTtl / 200) + (store.Median * 2 * batches)),
                new("loading from the store", store.Median),
            ],
            lease.ObservedExpiry - lease.RenewInterval,
            [
                new("the last copies", sharding.HandoffPauseLimit),
                new("the poll that shows the new owner", lease.PollInterval),
                new("giving away and loading", store.Longest * 3),
            ],
            [
                new("the last copies and their acknowledgement", store.Median),
                new("giving away", store.Median),
                new("the new owner sees it", store.Median),
            ]);
    }

    /// <summary>
    /// The mean time, before the death, of the reading that first showed the last renewal. The renewal was r before, r up to a renewal interval a; the
    /// survivors read p later, p up to a poll interval b, and at the latest when their connections break: E[(r − p)⁺] = (a³ − (a − b)³) / 6ab.
    /// </summary>
    private static TimeSpan PassedOfLease(ClusterOptions lease)
    {
        var (a, b) = (lease.RenewInterval.TotalSeconds, lease.PollInterval.TotalSeconds);
        return TimeSpan.FromSeconds((Math.Pow(a, 3) - Math.Pow(a - b, 3)) / (6 * a * b));
    }
}
