using AkkaScale.Entities;
using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using AkkaScale.Sharding.Routing;

namespace AkkaScale.Management.Inspection;

/// <summary>
/// Facts come from the database's rows, from Akka's gossip and from what coordinators publish; residency comes from the nodes, which have a
/// second to answer. Each kind has a region of its own, of its name; a program may have others.
/// </summary>
internal sealed class ClusterFacts(
    INodeState node, SystemInspection inspection, MemberNames members, DecisionInspection decisions, EntityKindRegistry kinds, InspectionNames names)
    : IClusterFacts
{
    public IReadOnlyList<string> Kinds => kinds.Names;

    public IReadOnlyList<string> Regions => node.Running is { } system ? [.. SteeredRegions.For(system).All.Select(region => region.Name)] : Kinds;

    public bool IsMember => node.IsMember;

    public IReadOnlyList<string> NotReadyReasons => node.NotReadyReasons;

    public Task<ClusterStatus> StatusAsync(CancellationToken cancellationToken) => SystemInspection.AskAsync(async () =>
        ShardShow.Status(await inspection.ReadAsync(cancellationToken), names.Cluster, names.Store, NotReadyReasons.Count == 0));

    public Task<ClusterMembers> MembersAsync(CancellationToken cancellationToken) => SystemInspection.AskAsync(async () =>
    {
        var sight = await inspection.ReadAsync(cancellationToken);
        return MemberShow.Members(sight, await UnreachedAsync(sight, cancellationToken));
    });

    public Task<MemberFacts> MemberAsync(string name, CancellationToken cancellationToken) => SystemInspection.AskAsync(async () =>
    {
        var sight = await inspection.ReadAsync(cancellationToken);
        return MemberShow.Member(sight, await members.FindAsync(name, isLive: false, cancellationToken));
    });

    public Task<ShardMapFacts> ShardsAsync(CancellationToken cancellationToken) => SystemInspection.AskAsync(async () =>
    {
        var sight = await inspection.ReadAsync(cancellationToken);
        var residents = await Task.WhenAll(sight.Regions.Select(region => CountAsync(sight, region.Name, cancellationToken)));
        return ShardShow.Map(sight, residents.SelectMany(each => each).ToDictionary(each => each.Key, each => each.Value));
    });

    public Task<ShardStory> WhyAsync(ShardKey shard, CancellationToken cancellationToken) =>
        SystemInspection.AskAsync(() => decisions.WhyAsync(shard, cancellationToken));

    public Task<DecisionPage> DecisionsAsync(long? after, int limit, CancellationToken cancellationToken) =>
        SystemInspection.AskAsync(() => decisions.ReadAsync(after, limit));

    public Task<ShardPlanFacts> PlanAsync(PlanWish wish, CancellationToken cancellationToken) =>
        SystemInspection.AskAsync(() => decisions.PlanAsync(wish, cancellationToken));

    public Task<IReadOnlyList<ShardResidents>> ResidentsAsync(string kind, CancellationToken cancellationToken) =>
        SystemInspection.AskAsync<IReadOnlyList<ShardResidents>>(async () =>
        {
            var sight = await inspection.ReadAsync(cancellationToken);
            var residents = await CountAsync(sight, kind, cancellationToken);
            return
            [
                .. ShardShow.Map(sight, residents).Shards.Where(shard => shard.Key.Region == kind && shard.Owner is not null)
                    .Select(shard => new ShardResidents(shard.Key, shard.Entities)),
            ];
        });

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> UnreachedAsync(ClusterSight sight, CancellationToken cancellationToken)
    {
        var nodes = inspection.Nodes();
        var answers = await Task.WhenAll(sight.Gossip.Where(member => member.IsReachable)
            .Select(async member => (member.Address, Answer: await nodes.UnreachedAsync(member.Address, cancellationToken))));
        return answers.Where(each => each.Answer is not null)
            .ToDictionary(each => each.Address, IReadOnlyList<string> (each) => each.Answer!.Addresses, StringComparer.Ordinal);
    }

    private async Task<IReadOnlyDictionary<ShardKey, int>> CountAsync(ClusterSight sight, string region, CancellationToken cancellationToken)
    {
        var nodes = inspection.Nodes();
        var answers = await Task.WhenAll(sight.Hosts.Select(row => nodes.ResidentsAsync(row.Address, region, cancellationToken)));
        return answers.SelectMany(answer => answer?.ByShard ?? []).GroupBy(count => count.Key)
            .ToDictionary(count => new ShardKey(region, count.Key), count => count.Max(each => each.Value));
    }
}
