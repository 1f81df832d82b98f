namespace AkkaScale.Cluster.Decisions;

/// <summary>The numbers stand in the database.</summary>
public enum ShardDecisionKind
{
    /// <summary>It is handed over to another node.</summary>
    Move = 1,

    /// <summary>It had no home and was given one: after its hand-over, or because its node was lost, or at its first command.</summary>
    Home = 2,

    /// <summary>It runs where it was ordered to, once, and rests.</summary>
    Arrived = 3,

    /// <summary>An order about it was given up.</summary>
    GivenUp = 4,
}
