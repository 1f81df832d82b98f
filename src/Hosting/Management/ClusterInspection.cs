using AkkaScale.Cluster;
using AkkaScale.Cluster.Membership;
using AkkaScale.Cluster.Ownership;
using AkkaScale.Hosting.Options;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Shards;

namespace AkkaScale.Hosting.Management;

/// <summary>
/// Answers for the whole cluster: facts come from the store, read anew for each question; residency comes from the owners, who have a second
/// to answer.
/// </summary>
internal sealed class ClusterInspection(Engine engine, AkkaScaleOptions options, EntityKindRegistry kinds)
{
    private static readonly TimeSpan OwnerTimeout = TimeSpan.FromSeconds(1);

    public async Task<MembersAnswer> MembersAsync(CancellationToken cancellationToken)
    {
        var session = Session();
        var reading = await session.Store.Cluster.ReadAsync(cancellationToken);
        var shown = MemberList.Shown(reading);
        var unreachable = shown.Where(member => member.IsLive)
            .Select(member => new UnreachableAnswer(NodeOf(member), [.. shown.Where(observer => DoesNotReach(session, observer, member)).Select(NodeOf)]))
            .Where(answer => answer.ObservedBy.Count > 0);
        return new MembersAnswer(
            NodeOf(session.Self),
            Find(reading, reading.Coordinator.Holder) is { } leader ? NodeOf(leader) : null,
            shown.MinBy(member => member.JoinedAt) is { } oldest ? NodeOf(oldest) : null,
            [.. shown.Select(member => MemberList.Show(reading, options.Cluster.Name, member))],
            [.. unreachable]);
    }

    public async Task<StatusAnswer> StatusAsync(CancellationToken cancellationToken)
    {
        var session = Session();
        var reading = await session.Store.Cluster.ReadAsync(cancellationToken);
        var targets = reading.Targets.ToDictionary(target => target.Shard, target => target.Target);
        var owned = reading.Owners.Count(owner => owner.Owner is not null);
        var moving = reading.Owners.Count(owner =>
            owner.Owner is { } holder && targets.TryGetValue(owner.Shard, out var target) && target != holder);
        var identity = reading.Identity;
        return new StatusAnswer(
            identity.ClusterName, session.Self.NodeName, options.Store.Kind, identity.ShardCount, identity.SchemaVersion, identity.DatabaseIdentity,
            identity.Generation,
            Find(reading, reading.Coordinator.Holder) is { } leader
                ? new CoordinatorAnswer(leader.NodeName, NodeOf(leader), reading.Coordinator.Term)
                : null,
            reading.Members.Where(member => !member.IsGone).CountBy(member => member.Status.ToString().ToLowerInvariant()).ToDictionary(),
            new ShardCountsAnswer(owned, identity.ShardCount - owned, moving),
            HealthEndpoints.NotReadyReasons(engine).Count == 0);
    }

    public async Task<ShardsAnswer> ShardsAsync(CancellationToken cancellationToken)
    {
        var session = Session();
        var reading = await session.Store.Cluster.ReadAsync(cancellationToken);
        var targets = reading.Targets.ToDictionary(target => target.Shard);
        var residents = await ResidentsAsync(session, reading, cancellationToken);
        return new ShardsAnswer(kinds.Names, reading.Identity.ShardCount, [.. reading.Owners.Select(owner =>
        {
            var target = targets.GetValueOrDefault(owner.Shard);
            return new ShardAnswer(
                owner.Shard, Find(reading, owner.Owner)?.NodeName, owner.Owner?.ToString(), owner.Epoch, owner.AcquiredBy,
                Find(reading, target?.Target)?.NodeName, target?.Reason,
                residents.TryGetValue(owner.Shard, out var count) ? count : null);
        })]);
    }

    public async Task<WhereAnswer> WhereAsync(EntityKey entity, CancellationToken cancellationToken)
    {
        var session = Session();
        var reading = await session.Store.Cluster.ReadAsync(cancellationToken);
        var shard = ShardHash.ShardOf(entity.Id, reading.Identity.ShardCount);
        var owner = reading.Owners[shard];
        var version = await session.Store.Journal.ReadVersionAsync(entity, cancellationToken);
        return new WhereAnswer(
            entity.Kind, entity.Id, shard, Find(reading, owner.Owner)?.NodeName, owner.Owner?.ToString(), owner.Epoch, version,
            await IsResidentAsync(session, owner.Owner, entity, cancellationToken));
    }

    /// <exception cref="StoreUnavailableException">This node is not a member now.</exception>
    public NodeSession Session() =>
        engine.Session ?? throw new StoreUnavailableException("This node is not a member at the moment; see /ready.");

    /// <summary>Of itself a node knows it at once; others publish it after a while.</summary>
    public static bool DoesNotReach(NodeSession session, MemberSnapshot observer, MemberSnapshot member) =>
        observer.Incarnation == session.Self.Incarnation
            ? member.Incarnation != observer.Incarnation && !session.Network.IsConnected(member.Incarnation)
            : observer.Unreachable.Contains(member.Incarnation);

    private string NodeOf(MemberSnapshot member) => MemberList.NodeOf(options.Cluster.Name, member);

    private static MemberSnapshot? Find(ClusterReading reading, Incarnation? incarnation) =>
        incarnation is null ? null : reading.Members.FirstOrDefault(member => member.Incarnation == incarnation);

    /// <summary>Entities in memory by shard, of the owners that answer within a second.</summary>
    public static async Task<Dictionary<int, int>> ResidentsAsync(
        NodeSession session, ClusterReading reading, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(reading.Members
            .Where(member => member.IsLive && member.HasRole(MemberSnapshot.EntityRole))
            .Select(member => AskAsync(session, member.Incarnation, cancellationToken)));
        return answers.SelectMany(answer => answer).GroupBy(pair => pair.Shard).ToDictionary(group => group.Key, group => group.Last().Residents);
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

    private static async Task<bool?> IsResidentAsync(
        NodeSession session, Incarnation? owner, EntityKey entity, CancellationToken cancellationToken)
    {
        try
        {
            return owner is null ? null
                : owner == session.Self.Incarnation ? await session.Region.IsResidentAsync(entity).WaitAsync(OwnerTimeout, cancellationToken)
                : (await session.Frames.AskStatsAsync(owner.Value, entity, OwnerTimeout, cancellationToken)).IsResident;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
