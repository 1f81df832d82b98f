using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding.Allocation;
using AkkaScale.LegacySharding.Regions;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Hosting;

/// <summary>
/// Everything that belongs to one incarnation of this process: its store connections, membership, network, region and frames.
/// Made by the engine, replaced whole when the incarnation is declared down.
/// </summary>
internal sealed class NodeSession : IAsyncDisposable
{
    private readonly EngineParts _parts;
    private readonly LoadReporter _loads;

    private NodeSession(EngineParts parts, NodeStore store, MemberSnapshot self)
    {
        _parts = parts;
        Store = store;
        Self = self;
        var options = parts.Options;
        Frames = new RegionFrames(parts.Kinds, parts.Map, parts.Time);
        Network = new PeerNetwork(
            self.Incarnation, options.Cluster.Name, options.Cluster.Secret, options.Transport, Frames, parts.Time, parts.NewRandom(), parts.Loggers);
        Frames.SendThrough(Network);
        var environment = new ClusterEnvironment(
            options.Cluster, store.Cluster, parts.Map, parts.ClusterMetrics, parts.Time, parts.NewRandom(), parts.Loggers);
        var hostsShards = self.HasRole(MemberSnapshot.EntityRole);
        var allocation = options.Allocation.Create();
        var coordinator = hostsShards ? new CoordinatorMachine(self.Incarnation, allocation, options.Allocation) : null;
        Cluster = new ClusterSession(environment, self, new PeerNetworkHints(Network, self.Incarnation, parts.ClusterMetrics, options.Cluster.MapHints), coordinator);
        Preview = () => coordinator?.LastInputs is { } inputs ? AllocationPreview.Make(allocation, options.Allocation.Name, inputs) : null;
        Allocation = new AllocationFrames(Network, Cluster.Report, Preview, parts.Time);
        Region = new ShardRegion(
            self.Incarnation, options.Cluster.ShardCount, options.Sharding, store.Journal, Cluster.Lease, parts.ShardingMetrics, parts.Time, parts.Loggers);
        Region.ReportTo(Cluster.Reports);
        Frames.DeliverTo(Region);
        Frames.DeliverTo(Allocation);
        Questions = new QuestionFrames(self.Incarnation, Network, parts.Time);
        foreach (var topic in parts.Topics)
        {
            Questions.Answer(topic.Name, (body, stop) => topic.AnswerAsync(this, body, stop));
        }

        Frames.DeliverTo(Questions);
        _loads = new LoadReporter(Cluster, Region, Allocation, parts.Time);
    }

    public MemberSnapshot Self { get; }

    public NodeStore Store { get; }

    public ClusterSession Cluster { get; }

    public ShardRegion Region { get; }

    public RegionFrames Frames { get; }

    public PeerNetwork Network { get; }

    public AllocationFrames Allocation { get; }

    /// <summary>What operators ask of other nodes through this one; answered as <see cref="EngineParts.Topics"/> say.</summary>
    public QuestionFrames Questions { get; }

    /// <summary>What this node would do as coordinator; null while it is not. May be called by any thread.</summary>
    public Func<AllocationPreview?> Preview { get; }

    /// <summary>Opens the store and joins; waits for a store that cannot be reached until the token is cancelled.</summary>
    /// <exception cref="ClusterRefusedException">The store refuses this node.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    public static async Task<NodeSession> StartAsync(EngineParts parts, CancellationToken cancellationToken)
    {
        var incarnation = new Incarnation(parts.NewId());
        var store = parts.OpenStore(incarnation);
        NodeSession? session = null;
        try
        {
            await store.Cluster.OpenAsync(parts.Options.Cluster.Name, parts.Options.Cluster.ShardCount, cancellationToken);
            session = new NodeSession(parts, store, parts.Template with { Incarnation = incarnation, JoinedAt = parts.Time.GetUtcNow() });
            parts.Listener.Attach(session.Network);
            await session.CheckSecretAsync(cancellationToken);
            await session.Cluster.JoinAsync(
                session.Self.HasRole(MemberSnapshot.EntityRole) ? session.Region : null, cancellationToken);
            parts.Router.RouteThrough(new RouteSnapshot(incarnation, session.Region, session.Frames));
            return session;
        }
        catch
        {
            await (session?.DisposeAsync() ?? store.DisposeAsync());
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _parts.Router.RouteThrough(null);
        _parts.Listener.Detach(Network);
        Questions.Stop();
        await _loads.DisposeAsync();
        await Cluster.DisposeAsync();
        await Region.DisposeAsync();
        await Network.DisposeAsync();
        await Store.DisposeAsync();
    }

    /// <summary>Before there is a row: once a member, this node would be given shards.</summary>
    private async Task CheckSecretAsync(CancellationToken cancellationToken)
    {
        var members = (await Store.Cluster.ReadAsync(cancellationToken)).Members;
        if (await Network.FindOtherSecretAsync(members) is { } other)
        {
            throw new ClusterRefusedException(
                $"Member {other.NodeName} at {other.Address} has another cluster secret: set Cluster:Secret to the same text on every member.");
        }
    }
}
