using System.Data.Common;
using System.Globalization;
using Akka.Actor;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Storage;
using AkkaScale.Management.Facts;
using AkkaScale.Sharding;
using AkkaScale.Sharding.Inspection;
using AkkaScale.Sharding.Routing;

namespace AkkaScale.Management.Inspection;

/// <summary>What everything here needs: the running actor system, a sight of the cluster, and the words for silence.</summary>
internal sealed class SystemInspection(INodeState node, TimeProvider time)
{
    private static readonly TimeSpan DatabaseTimeout = TimeSpan.FromSeconds(5);

    /// <exception cref="FactsUnavailableException">It has not started, or is gone.</exception>
    public ActorSystem System() =>
        node.Running ?? throw new FactsUnavailableException("This node is not a member at the moment; see /ready.");

    /// <summary>Of no kind, where the program has none.</summary>
    public EntitySharding Sharding() => EntitySharding.Of(System());

    public SteeredRegions Regions() => SteeredRegions.For(System());

    public ClusterMembership Membership() => ClusterMembership.For(System());

    public NodeInspector Nodes() => new(System());

    /// <summary>Rows as they were at the last reading a moment ago; leases and orders by a query of their own.</summary>
    public async Task<ClusterSight> ReadAsync(CancellationToken cancellationToken)
    {
        var (system, membership, steered) = (System(), Membership(), Regions());
        var regions = steered.All;
        string[] names =
        [
            .. regions.SelectMany(region => Enumerable.Range(0, region.ShardCount).Select(shard => LeaseOf(membership, region.Name, shard))),
        ];
        var orders = membership.OrdersAsync();
        var leases = await membership.Leases.Commands.RunAsync(session => session.Read(names))
            .WaitAsync(DatabaseTimeout, time, cancellationToken);
        var first = 0;
        var seen = new List<RegionSight>();
        foreach (var region in regions)
        {
            var map = steered.Map.Find(region.Name);
            seen.Add(new RegionSight(
                region.Name, region.ShardCount, [.. leases.Skip(first).Take(region.ShardCount)], map?.Homes, region.Role)
            {
                Coordinator = map?.Coordinator,
                Weights = map?.Weights ?? [],
                IsManual = map?.IsManual,
            });
            first += region.ShardCount;
        }

        var cluster = Akka.Cluster.Cluster.Get(system);
        var state = cluster.State;
        return new ClusterSight(
            cluster.SelfAddress.ToString(),
            membership.Snapshot.Generation,
            membership.Members,
            [
                .. state.Members.OrderBy(member => member, Akka.Cluster.Member.AgeOrdering).Select((member, age) => new GossipMember(
                    member.Address.ToString(), member.UniqueAddress.Uid, member.Status, member.Roles, age, !state.Unreachable.Contains(member))),
            ],
            state.Leader?.ToString(),
            seen)
        {
            Stuck = [.. Sharding().Stuck.All],
            Orders = await orders.WaitAsync(DatabaseTimeout, time, cancellationToken),
        };
    }

    public static string LeaseOf(ClusterMembership membership, string region, int shard) =>
        membership.Map.NameOf(region, shard.ToString(CultureInfo.InvariantCulture));

    /// <exception cref="FactsUnavailableException">The database does not answer.</exception>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception away) when (IsAway(away))
        {
            throw new FactsUnavailableException($"The database does not answer: {away.Message}", away);
        }
    }

    private static bool IsAway(Exception error) =>
        DatabaseErrors.IsAway(error) || error is DbException or ObjectDisposedException;
}
