using AkkaScale.Hosting.Options;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Hosting.EngineFacts;

/// <summary>
/// What everything that asks the present engine needs: its session, who is who, and the residents that owners report within a second.
/// </summary>
internal sealed class ClusterInspection(Engine engine, AkkaScaleOptions options)
{
    public static TimeSpan OwnerTimeout { get; } = TimeSpan.FromSeconds(1);

    public bool IsMember => engine.Session is not null;

    /// <summary>Empty when this node should get traffic.</summary>
    public IReadOnlyList<string> NotReadyReasons =>
        engine.Phase == "leaving" ? ["the node is leaving"]
        : engine.Session is not { } session ? ["the node is not a member"]
        : session.Cluster.View.NotReadyReasons;

    /// <exception cref="StoreUnavailableException">This node is not a member now.</exception>
    public NodeSession Session() =>
        engine.Session ?? throw new StoreUnavailableException("This node is not a member at the moment; see /ready.");

    public string AddressOf(MemberSnapshot member) => MemberList.NodeOf(options.Cluster.Name, member);

    /// <summary>Of itself a node knows it at once; others publish it after a while.</summary>
    public static bool DoesNotReach(NodeSession session, MemberSnapshot observer, MemberSnapshot member) =>
        observer.Incarnation == session.Self.Incarnation
            ? member.Incarnation != observer.Incarnation && !session.Network.IsConnected(member.Incarnation)
            : observer.Unreachable.Contains(member.Incarnation);

    public static MemberSnapshot? Find(ClusterReading reading, Incarnation? incarnation) =>
        incarnation is null ? null : reading.Members.FirstOrDefault(member => member.Incarnation == incarnation);

    public static IEnumerable<MemberSnapshot> Hosts(ClusterReading reading) =>
        reading.Members.Where(member => member.IsLive && member.HasRole(MemberSnapshot.EntityRole));

    /// <summary>Entities in memory by shard, of the owners that answer within a second.</summary>
    public static async Task<Dictionary<int, int>> ResidentsAsync(
        NodeSession session, ClusterReading reading, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(Hosts(reading).Select(member => AskAsync(session, member.Incarnation, cancellationToken)));
        return answers.SelectMany(answer => answer).GroupBy(pair => pair.Shard)
            .ToDictionary(group => group.Key, group => group.Last().Residents);
    }

    private static async Task<IReadOnlyList<(int Shard, int Residents)>> AskAsync(
        NodeSession session, Incarnation member, CancellationToken cancellationToken)
    {
        if (member == session.Self.Incarnation)
        {
            return session.Region.Residency();
        }

        try
        {
            return (await session.Frames.AskStatsAsync(member, null, OwnerTimeout, cancellationToken)).Shards;
        }
        catch (TimeoutException)
        {
            return [];
        }
    }
}
