namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>What the cluster loop takes from its queue.</summary>
internal abstract record LoopEvent
{
    private LoopEvent()
    {
    }

    /// <summary>Time to look whether a poll is due.</summary>
    public sealed record Wake : LoopEvent;

    public sealed record Input(ClusterInput Value) : LoopEvent;

    /// <summary>Exactly one of reading and failure is given.</summary>
    public sealed record PollEnded(ClusterReading? Reading, Exception? Failure, PollTicket Ticket, TimeSpan SentAt) : LoopEvent;
}

/// <summary>What a member's loop last saw of the store.</summary>
/// <param name="ReadAt">When the reading was asked for, on the process's monotonic clock.</param>
internal sealed record StoreState(ClusterReading? Reading, TimeSpan ReadAt, bool IsReachable);
