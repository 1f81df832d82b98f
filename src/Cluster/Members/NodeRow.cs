namespace AkkaScale.Cluster.Members;

/// <summary>One incarnation as the database has it.</summary>
/// <param name="Generation">Of the cluster that it has joined or founded; 0 before.</param>
/// <param name="Renewals">Counts its signs of life.</param>
/// <param name="Locked">Whether its session lock is held; null where that was not asked or cannot be known.</param>
/// <param name="Reason">Why it is down or dead.</param>
public sealed record NodeRow(
    string Incarnation, string Name, string Address, long Uid, string? ManagementUrl, string? GatewayUrl, IReadOnlyList<string> Roles,
    string Version, long Generation, NodeState State, long Renewals, bool? Locked, string? Reason, DateTime StartedAt)
{
    /// <summary>When it left or was declared dead, for people; null before.</summary>
    public DateTime? EndedAt { get; init; }

    /// <summary>
    /// Whether the database sees the process at one of its own addresses, so that a session which ends says something of the process. False
    /// where that cannot be known.
    /// </summary>
    public bool IsDirect { get; init; }

    public bool IsLive => State == NodeState.Live;

    /// <summary>It will never be live again.</summary>
    public bool IsGone => State is NodeState.Dead or NodeState.Left;
}
