using AkkaScale.Cluster.Orders;
using AkkaScale.Cluster.Plugin;

namespace AkkaScale.Sharding.Allocation;

/// <summary>
/// What a coordinator remembers of its region from one round to the next. Not thread-safe. A successor begins without it: orders are rows, and
/// which shards rest it reads from the decisions of those before it.
/// </summary>
internal sealed class SteeringState
{
    /// <summary>That are to be carried out, as they were last read, by shard.</summary>
    public Dictionary<int, ShardOrder> Orders { get; } = [];

    /// <summary>Orders about nodes, as they were last read, by name: such nodes are given no shards.</summary>
    public Dictionary<string, NodeOrder> Nodes { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a coordinator has read any orders since it began.</summary>
    public bool KnowsOrders { get; set; }

    /// <summary>Shards that have been moved by order.</summary>
    public Dictionary<int, RestingShard> Rests { get; } = [];

    /// <summary>Shards that were moved by order under a former coordinator, until their homes are known.</summary>
    public Dictionary<int, InheritedRest> Inherited { get; } = [];

    /// <summary>Since when an order's node has not been up.</summary>
    public Dictionary<ShardOrder, TimeSpan> WaitsSince { get; } = [];

    /// <summary>Shards that were sent on their way.</summary>
    public Dictionary<int, SentShard> Sent { get; } = [];

    /// <summary>Homes that were given to shards without one, and are not seen among the homes yet.</summary>
    public Dictionary<int, GivenHome> Given { get; } = [];

    /// <summary>When shards were last touched.</summary>
    public Dictionary<int, TimeSpan> Touched { get; } = [];

    public AstrayShards Astray { get; } = new(HolderFirstAllocation.DifferFor);

    public void Clear()
    {
        Orders.Clear();
        Nodes.Clear();
        KnowsOrders = false;
        Rests.Clear();
        Inherited.Clear();
        WaitsSince.Clear();
        Sent.Clear();
        Given.Clear();
        Touched.Clear();
        Astray.Clear();
    }
}

internal readonly record struct SentShard(string From, string To, TimeSpan At);

internal readonly record struct GivenHome(string Address, TimeSpan At);

/// <param name="NodeName">Where it was ordered to.</param>
internal readonly record struct InheritedRest(int Shard, string NodeName, TimeSpan Until);

/// <param name="OrderedAt">Which order it was.</param>
internal readonly record struct RestingShard(string Address, DateTime OrderedAt, TimeSpan Until);
