namespace AkkaScale.Journal.Writing;

/// <summary>What a lane holds. Changed by <see cref="LaneMachine"/> alone.</summary>
internal sealed class LaneState
{
    /// <summary>Accepted and not yet part of a batch, in order of acceptance.</summary>
    public Queue<WriteRequest> Waiting { get; } = new();

    public long WaitingBytes { get; set; }

    /// <summary>Parts of former batches, to be sent before what waits; the first to go is on top.</summary>
    public Stack<WriteRequest[]> Again { get; } = new();

    /// <summary>With the writer, sent or being settled. Never more than one: that keeps an entity's writes in order.</summary>
    public Batch? InFlight { get; set; }

    /// <summary>How often <see cref="InFlight"/> was sent again or asked about.</summary>
    public int Attempts { get; set; }

    /// <summary>How often in a row there was no connection.</summary>
    public int Pauses { get; set; }

    /// <summary>By entity: its accepted requests without an outcome, and the recoveries that wait for them.</summary>
    public Dictionary<string, Unsettled> Unsettled { get; } = new(StringComparer.Ordinal);

    public Exception? Stopped { get; set; }
}
