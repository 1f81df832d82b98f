using System.Text.Json;
using AkkaScale.Hosting.EngineFacts;
using AkkaScale.Hosting.Reports;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding.Regions;

namespace AkkaScale.Hosting.Management;

/// <summary>Asks every live member for its report.</summary>
internal sealed class NodeReports(ClusterInspection inspection)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    /// <summary>One entry for each live member, in order of name; those that do not answer are named.</summary>
    public async Task<NodesAnswer> ReadAsync(CancellationToken cancellationToken)
    {
        var session = inspection.Session();
        var reading = await session.Store.Cluster.ReadAsync(cancellationToken);
        var members = reading.Members.Where(member => member.IsLive).OrderBy(member => member.NodeName, StringComparer.Ordinal);
        return new NodesAnswer(await Task.WhenAll(members.Select(async member =>
        {
            var report = await AskAsync(session, member, Timeout, cancellationToken);
            return new NodeReportAnswer(member.NodeName, member.Incarnation.ToString(), member.Status.ToString(), report is not null, report);
        })));
    }

    /// <returns>Null: it did not answer in time, or its version makes none.</returns>
    public static async Task<NodeReport?> AskAsync(NodeSession session, MemberSnapshot member, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await session.Questions.AskAsync(member.Incarnation, NodeReporting.Topic, default, timeout, cancellationToken);
            return JsonSerializer.Deserialize(answer, NodeReportJson.Default.NodeReport);
        }
        catch (Exception silence) when (silence is TimeoutException or QuestionRefusedException or JsonException)
        {
            return null;
        }
    }
}
