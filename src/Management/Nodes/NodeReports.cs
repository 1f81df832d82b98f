using AkkaScale.Management.Inspection;
using AkkaScale.Management.Reports;

namespace AkkaScale.Management.Nodes;

/// <summary>Asks every live member for its report.</summary>
internal sealed class NodeReports(SystemInspection inspection, ManagedNodes nodes)
{
    /// <summary>One entry for each live member, in order of name; those that do not answer are named.</summary>
    public Task<NodesAnswer> ReadAsync(CancellationToken cancellationToken) => SystemInspection.AskAsync(async () =>
    {
        var sight = await inspection.ReadAsync(cancellationToken);
        return new NodesAnswer(await Task.WhenAll(MemberShow.Shown(sight).Where(row => row.IsLive).Select(async row =>
        {
            var report = await nodes.ReportAsync(row.Address, cancellationToken);
            return new NodeReportAnswer(row.Name, row.Incarnation, MemberShow.StatusOf(sight, row), report is not null, report);
        })));
    });
}

internal sealed record NodesAnswer(IReadOnlyList<NodeReportAnswer> Nodes);

/// <param name="Answered">False: it did not within a second.</param>
internal sealed record NodeReportAnswer(string Name, string NodeUid, string Status, bool Answered, NodeReport? Report);
