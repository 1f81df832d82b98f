namespace AkkaScale.Journal.Writing;

/// <summary>What happens to a lane.</summary>
internal abstract record LaneInput
{
    /// <summary>An entity's write; its place in the order is that of acceptance.</summary>
    public sealed record Accepted(WriteRequest Request) : LaneInput;

    /// <summary>The writer is free and asks for work.</summary>
    public sealed record Take : LaneInput
    {
        public static readonly Take Instance = new();
    }

    /// <summary>The statement committed.</summary>
    /// <param name="Held">For each slice of the batch: whether its lease was held and it was written.</param>
    /// <param name="Replaced">For each slice: whether this process has taken a later epoch of its lease since.</param>
    public sealed record Answered(Batch Batch, bool[] Held, bool[] Replaced) : LaneInput;

    /// <summary>The database rolled the statement back and said why.</summary>
    /// <param name="MayPass">A deadlock or the like: the same batch may succeed when it is sent again.</param>
    public sealed record Failed(Batch Batch, Exception Error, bool MayPass) : LaneInput;

    /// <summary>Nothing was written, and no request is to blame: there was no connection, or the database takes no writes now.</summary>
    public sealed record NotSent(Batch Batch) : LaneInput;

    /// <summary>Whether the statement committed is not known.</summary>
    public sealed record Unknown(Batch Batch) : LaneInput;

    /// <summary>The database has been asked, after what was under way had ended.</summary>
    /// <param name="Written">For each request of the batch: whether its rows are there.</param>
    public sealed record Settled(Batch Batch, bool[] Written) : LaneInput;

    /// <summary>The database could not be asked.</summary>
    public sealed record NotSettled(Batch Batch) : LaneInput;

    /// <summary>A recovery is about to read the rows of an entity.</summary>
    public sealed record Recovering(string PersistenceId, RecoveryWaiter Waiter) : LaneInput;

    /// <summary>The system ends: what is still here is not written, or nobody will learn whether it was.</summary>
    public sealed record Stopped(Exception Error) : LaneInput;
}
