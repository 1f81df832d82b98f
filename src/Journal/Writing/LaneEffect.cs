namespace AkkaScale.Journal.Writing;

/// <summary>What is to be done about it.</summary>
internal abstract record LaneEffect
{
    /// <summary>There is work: let the writer <see cref="LaneInput.Take"/>.</summary>
    public sealed record Wake : LaneEffect
    {
        public static readonly Wake Instance = new();
    }

    public sealed record Send(Batch Batch) : LaneEffect;

    /// <summary>Find out what became of the batch.</summary>
    /// <param name="Attempt">From 0; the shell waits longer from one to the next.</param>
    public sealed record Settle(Batch Batch, int Attempt) : LaneEffect;

    /// <summary>Wait a little before the writer takes work again: the database is away.</summary>
    public sealed record Pause(int Attempt) : LaneEffect;

    public sealed record Complete(IReadOnlyList<WriteRequest> Requests) : LaneEffect;

    public sealed record Fail(IReadOnlyList<WriteRequest> Requests, Exception Error) : LaneEffect;

    /// <summary>Tell the shard that its lease is another's.</summary>
    public sealed record TellLost(Slice Slice) : LaneEffect;

    public sealed record Release(RecoveryWaiter Waiter) : LaneEffect;
}
