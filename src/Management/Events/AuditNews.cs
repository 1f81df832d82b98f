using AkkaScale.Cluster.Audit;

namespace AkkaScale.Management.Events;

/// <summary>
/// Which rows of the audit table are news to listeners. Rows of several nodes need not appear in the order of their numbers.
/// </summary>
/// <param name="patience">A call that has not ended by then is told as it is.</param>
internal sealed class AuditNews(TimeSpan patience)
{
    private const int Window = 1_000;

    private readonly HashSet<long> _told = [];
    private long? _before;

    /// <param name="latest">The latest rows, the newest first.</param>
    /// <returns>Each row once, when its outcome is known; of rows that were there at the first call none.</returns>
    public IReadOnlyList<AuditEntry> Take(IReadOnlyList<AuditEntry> latest, DateTime now)
    {
        if (_before is not { } before)
        {
            _before = latest.Count == 0 ? 0 : latest[0].Nr;
            return [];
        }

        AuditEntry[] news =
        [
            .. latest.Where(row => row.Nr > before && !_told.Contains(row.Nr)
                && (row.Outcome != AuditOutcome.Unknown || now - row.At > patience)).Reverse(),
        ];
        _told.UnionWith(news.Select(row => row.Nr));
        if (latest.Count > 0)
        {
            // Of what lies so far back nothing is told any more, nor remembered.
            _before = Math.Max(before, latest[0].Nr - Window);
            _told.RemoveWhere(nr => nr <= _before);
        }

        return news;
    }
}
