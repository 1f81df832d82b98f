using AkkaScale.Cluster.Members;

namespace AkkaScale.Cluster.Liveness;

/// <summary>What the thread of liveness learns. Times are of this process's own monotonic clock (<see cref="MonotonicTime"/>).</summary>
internal abstract record LivenessInput
{
    private LivenessInput()
    {
    }

    internal sealed record Tick(TimeSpan Now) : LivenessInput;

    /// <summary>A renewal was answered.</summary>
    /// <param name="SentAt">When it was sent: from there the deadline counts.</param>
    internal sealed record Renewed(TimeSpan SentAt, TimeSpan Now, NodeState Row) : LivenessInput;

    /// <summary>The session threw, or a new one could not be opened.</summary>
    internal sealed record Broken(TimeSpan Now) : LivenessInput;

    /// <summary>A new session is open.</summary>
    internal sealed record Resumed(TimeSpan Now) : LivenessInput;

    /// <summary>
    /// The process has handed over what it had and leaves: from now on it serves nothing. May come from another thread than the session's, so
    /// nothing is sent before the next tick.
    /// </summary>
    internal sealed record Leaving(TimeSpan Now, string Reason) : LivenessInput;

    /// <summary>The row says that it left.</summary>
    internal sealed record HasLeft : LivenessInput;
}
