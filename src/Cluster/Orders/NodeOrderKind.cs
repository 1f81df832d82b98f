namespace AkkaScale.Cluster.Orders;

public enum NodeOrderKind
{
    /// <summary>It gets no more shards, and keeps those that it has.</summary>
    Cordon,

    /// <summary>It gets no more shards, and gives away those that it has.</summary>
    Drain,
}
