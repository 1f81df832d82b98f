namespace AkkaScale.LegacyCluster.Membership;

/// <summary>Why one incarnation's life as a member ended.</summary>
public enum SessionEndKind
{
    /// <summary>It left in order, or was disposed.</summary>
    Stopped,

    /// <summary>It was declared down; everything it owned is dropped. Start a new session with a new incarnation.</summary>
    Lost,

    /// <summary>A broken invariant of the program. Everything is dropped; the log says more.</summary>
    Fault,
}

/// <summary>The end of a <see cref="ClusterSession"/>, in words for an operator.</summary>
public sealed record SessionEnd(SessionEndKind Kind, string Reason);
