namespace AkkaScale.Cluster.Members;

/// <summary>The states of an incarnation's row. The last two are final.</summary>
public enum NodeState
{
    Live,

    /// <summary>Sent away: it renews no more and ends; dead after a time.</summary>
    Down,

    /// <summary>It left, and what it held is free.</summary>
    Left,

    Dead,
}
