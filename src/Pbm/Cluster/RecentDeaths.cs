using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.Cluster;

/// <summary>Processes of nodes that were declared dead in the last day. What shows how things are, or who did what, tells of them beside it.</summary>
internal static class RecentDeaths
{
    private const string Path = "/cluster/history?limit=200";
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>Latest first; none where the history cannot be had: it is told beside something else.</summary>
    public static async Task<IReadOnlyList<IncarnationShape>> ReadAsync(ManagementClient client, CancellationToken cancellation)
    {
        try
        {
            var history = await client.GetAsync(Path, ManagementJson.Default.MemberHistory, cancellation).ConfigureAwait(false);
            var since = TimeProvider.System.GetUtcNow() - Kept;
            return [.. history.Incarnations.Where(one => one.State == "dead" && Moment(one) > since).OrderByDescending(Moment)];
        }
        catch (Exception unknown) when (unknown is NodeRefusedException or NodeUnreachableException)
        {
            return [];
        }
    }

    public static DateTimeOffset Moment(IncarnationShape one) => DateTimeOffset.TryParse(one.EndedAt, null, out var ended) ? ended : DateTimeOffset.MinValue;

    public static string Why(IncarnationShape one) => string.IsNullOrEmpty(one.Reason) ? "no reason was kept" : one.Reason;
}
