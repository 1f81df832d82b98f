using AkkaScale.Cluster.Options;

namespace AkkaScale.Management.Doctor;

/// <summary>
/// Computes what a fault costs. A process that ends is noticed at once by its session and its links. A node that falls silent is noticed by its
/// renewals alone: an observer waits TTL·(1+g) from the reading that first showed the last one, and acts at the reading after that. So the time depends on how long before its end the node had renewed, and on when
/// the survivors read; the expected value takes the means of both.
/// </summary>
internal static class Predicting
{
    /// <summary>What I6 allows for everything that is not a wait for the time to live.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    /// <summary>From the row to *member removed*: failure detector, gossip, leader, each at its next interval.</summary>
    private static readonly TimeSpan Removal = TimeSpan.FromMilliseconds(350);

    /// <summary>The coordinator chooses new homes and the shards start there.</summary>
    private static readonly TimeSpan NewHomes = TimeSpan.FromMilliseconds(200);

    /// <summary>Its successor is started when the former's node has been removed, reads what that had replicated, and hears of the regions.</summary>
    private static readonly TimeSpan NewCoordinator = TimeSpan.FromMilliseconds(300);

    /// <param name="store">How long the store takes for a small question.</param>
    /// <param name="survivors">Members that observe the one that dies; at least one.</param>
    /// <param name="hasCoordinator">Whether the coordinator of the shards in question is on the node that dies.</param>
    public static Predictions Predict(ClusterDatabaseOptions liveness, StoreLatency store, int survivors, bool hasCoordinator = false) => new(
        [
            new("the reading that sees the last renewal", liveness.ObserveInterval),
            new("the time to live, and the margin for clocks", liveness.DeadAfter),
            new("the reading that finds it over", liveness.ObserveInterval),
            new("loading from the store", store.Longest),
            new("removal, new homes, and a busy machine", Slack),
        ],
        [
            new("the time to live, and the margin for clocks", liveness.DeadAfter),
            new("less what had passed of it", -PassedOfTimeToLive(liveness)),
            new("the reading that finds it over", liveness.ObserveInterval / (Math.Max(1, survivors) + 1)),
            new("declaring it dead", store.Median * 2),
            .. Elsewhere(store, hasCoordinator),
        ],
        liveness.DeadAfter - liveness.RenewInterval - liveness.ObserveInterval,
        liveness.DetectEndedProcesses
            ?
            [
                new("the reading that finds its session ended", liveness.ObserveInterval),
                new("declaring it dead", store.Median * 2),
                .. Elsewhere(store, hasCoordinator),
            ]
            : []);

    private static IEnumerable<Term> Elsewhere(StoreLatency store, bool hasCoordinator) =>
    [
        new("Akka removes it", Removal),
        .. hasCoordinator ? new Term[] { new("a new coordinator begins", NewCoordinator) } : [],
        new("its shards start elsewhere", NewHomes),
        new("their leases, and loading from the store", store.Median * 3),
    ];

    /// <summary>
    /// The mean time, before the end, of the reading that first showed the last renewal. The renewal was r before, r up to a renewal interval a; the
    /// survivors read p later, p up to a reading interval b, and at the latest at the end: E[(r − p)⁺] = (a³ − (a − b)³) / 6ab.
    /// </summary>
    private static TimeSpan PassedOfTimeToLive(ClusterDatabaseOptions liveness)
    {
        var (a, b) = (liveness.RenewInterval.TotalSeconds, liveness.ObserveInterval.TotalSeconds);
        return TimeSpan.FromSeconds((Math.Pow(a, 3) - Math.Pow(a - b, 3)) / (6 * a * b));
    }
}
