using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.Hosting.Facts;
using AkkaScale.Hosting.Options;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Regions;

namespace AkkaScale.Hosting.EngineFacts;

/// <summary>
/// Facts come from the store, read anew for each question; residency comes from the owners, who have a second to answer. One numbering of
/// shards serves every kind.
/// </summary>
internal sealed class EngineClusterFacts(
    ClusterInspection inspection, MemberOrders orders, AkkaScaleOptions options, EntityKindRegistry kinds) : IClusterFacts
{
    public IReadOnlyList<string> Kinds => kinds.Names;

    public bool IsMember => inspection.IsMember;

    public IReadOnlyList<string> NotReadyReasons => inspection.NotReadyReasons;

    public Task<ClusterStatus> StatusAsync(CancellationToken cancellationToken) => AskAsync(Status, cancellationToken);

    public Task<ClusterMembers> MembersAsync(CancellationToken cancellationToken) => AskAsync(Members, cancellationToken);

    public Task<MemberFacts> MemberAsync(string name, CancellationToken cancellationToken) =>
        EngineQuestions.AskAsync(() => orders.ReadAsync(name, cancellationToken));

    public Task<ShardMapFacts> ShardsAsync(CancellationToken cancellationToken) => EngineQuestions.AskAsync(async () =>
    {
        var session = inspection.Session();
        var reading = await session.Store.Cluster.ReadAsync(cancellationToken);
        var targets = reading.Targets.ToDictionary(target => target.Shard);
        var residents = await ClusterInspection.ResidentsAsync(session, reading, cancellationToken);
        return new ShardMapFacts([new RegionFacts(null, kinds.Names, reading.Identity.ShardCount)], [.. reading.Owners.Select(owner =>
        {
            var target = targets.GetValueOrDefault(owner.Shard);
            return new ShardFacts(
                new ShardKey(null, owner.Shard), ClusterInspection.Find(reading, owner.Owner)?.NodeName, owner.Owner?.ToString(),
                owner.Epoch, owner.AcquiredBy, ClusterInspection.Find(reading, target?.Target)?.NodeName, target?.Reason,
                Count(residents, owner.Shard));
        })]);
    });

    public Task<IReadOnlyList<ShardResidents>> ResidentsAsync(string kind, CancellationToken cancellationToken) =>
        EngineQuestions.AskAsync(() => ReadResidentsAsync(kind, cancellationToken));

    private ClusterStatus Status(NodeSession session, ClusterReading reading)
    {
        var targets = reading.Targets.ToDictionary(target => target.Shard, target => target.Target);
        var owned = reading.Owners.Count(owner => owner.Owner is not null);
        var moving = reading.Owners.Count(owner =>
            owner.Owner is { } holder && targets.TryGetValue(owner.Shard, out var target) && target != holder);
        var identity = reading.Identity;
        return new ClusterStatus(
            identity.ClusterName, session.Self.NodeName, options.Store.Kind, identity.ShardCount, identity.SchemaVersion,
            identity.DatabaseIdentity, identity.Generation,
            ClusterInspection.Find(reading, reading.Coordinator.Holder) is { } leader
                ? new CoordinatorFacts(leader.NodeName, inspection.AddressOf(leader), reading.Coordinator.Term)
                : null,
            reading.Members.Where(member => !member.IsGone).CountBy(member => member.Status.ToString()).ToDictionary(),
            owned, identity.ShardCount - owned, moving, NotReadyReasons.Count == 0);
    }

    private ClusterMembers Members(NodeSession session, ClusterReading reading)
    {
        var shown = MemberList.Shown(reading);
        var unreachable = shown.Where(member => member.IsLive)
            .Select(member => new UnreachableMember(
                inspection.AddressOf(member),
                [.. shown.Where(observer => ClusterInspection.DoesNotReach(session, observer, member)).Select(inspection.AddressOf)]))
            .Where(member => member.ObservedBy.Count > 0);
        return new ClusterMembers(
            inspection.AddressOf(session.Self),
            ClusterInspection.Find(reading, reading.Coordinator.Holder) is { } leader ? inspection.AddressOf(leader) : null,
            shown.MinBy(member => member.JoinedAt) is { } oldest ? inspection.AddressOf(oldest) : null,
            [.. shown.Select(member => MemberList.Show(reading, options.Cluster.Name, member))],
            [.. unreachable]);
    }

    private async Task<IReadOnlyList<ShardResidents>> ReadResidentsAsync(string kind, CancellationToken cancellationToken)
    {
        var session = inspection.Session();
        var reading = await session.Store.Cluster.ReadAsync(cancellationToken);
        var question = JsonSerializer.SerializeToUtf8Bytes(new CensusQuestion(kind), KindCensusJson.Default.CensusQuestion);
        var answers = await Task.WhenAll(
            ClusterInspection.Hosts(reading).Select(member => CountAsync(session, member.Incarnation, question, cancellationToken)));
        var counts = answers.SelectMany(answer => answer).GroupBy(count => count.Shard)
            .ToDictionary(group => group.Key, group => group.Last().Residents);
        return
        [
            .. reading.Owners.Where(owner => owner.Owner is not null)
                .Select(owner => new ShardResidents(new ShardKey(null, owner.Shard), Count(counts, owner.Shard))),
        ];
    }

    private Task<T> AskAsync<T>(Func<NodeSession, ClusterReading, T> show, CancellationToken cancellationToken) =>
        EngineQuestions.AskAsync(async () =>
        {
            var session = inspection.Session();
            return show(session, await session.Store.Cluster.ReadAsync(cancellationToken));
        });

    private static int? Count(Dictionary<int, int> counts, int shard) => counts.TryGetValue(shard, out var count) ? count : null;

    private static async Task<IReadOnlyList<CensusCount>> CountAsync(
        NodeSession session, Incarnation member, byte[] question, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await session.Questions.AskAsync(
                member, KindCensus.Topic, question, ClusterInspection.OwnerTimeout, cancellationToken);
            return JsonSerializer.Deserialize(answer, KindCensusJson.Default.CensusCountArray) ?? [];
        }
        catch (Exception silence) when (silence is TimeoutException or QuestionRefusedException or JsonException)
        {
            return [];
        }
    }
}
