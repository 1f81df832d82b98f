namespace AkkaScale.Cluster.Downing;

/// <summary>What the database says of a member that Akka knows.</summary>
internal enum MemberVerdict
{
    /// <summary>There is no row of it.</summary>
    Unknown,

    Live,

    /// <summary>Sent away: to be reported unavailable and downed.</summary>
    Down,

    /// <summary>Dead or left: to be reported unavailable and downed.</summary>
    Gone,
}
