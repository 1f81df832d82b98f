namespace AkkaScale.Cluster.Options;

/// <summary>Why a process may not go on as a member; the value is its exit code. All of these are to be started again, save Refused.</summary>
public enum NodeEnd
{
    /// <summary>The configuration or the database refuses it.</summary>
    Refused = 64,

    /// <summary>It did not become a member in time.</summary>
    JoinTimedOut = 75,

    /// <summary>An operator, or the other side of a partition, sent it away.</summary>
    Down = 81,

    /// <summary>It was declared dead: it did not renew in time.</summary>
    Dead = 82,

    /// <summary>The cluster was founded anew without it.</summary>
    OtherGeneration = 83,

    /// <summary>Akka's cluster removed it, or ended it, while its row was live.</summary>
    Removed = 84,
}
