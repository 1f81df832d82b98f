namespace AkkaScale.Cluster.Liveness;

/// <summary>State of <see cref="LivenessMachine"/>; owned by the thread of liveness. It begins with a session that has just registered.</summary>
internal sealed class LivenessState
{
    /// <summary>The process may serve before this time of its clock. Until the first renewal it may not.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.MinValue;

    /// <summary>Whether a statement, or the opening of a session, has not been answered yet.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>Whether the session at hand is of no more use.</summary>
    public bool IsBroken { get; set; }

    /// <summary>When the next renewal, or the next try for a session, is due.</summary>
    public TimeSpan DueAt { get; set; } = TimeSpan.MinValue;

    /// <summary>When a session was tried for last.</summary>
    public TimeSpan? TriedAt { get; set; }

    /// <summary>Why this process leaves; null while it stays.</summary>
    public string? Leaving { get; set; }

    /// <summary>Its row says that it left.</summary>
    public bool HasLeft { get; set; }

    /// <summary>It has left or ended: nothing is done any more.</summary>
    public bool IsOver { get; set; }
}
