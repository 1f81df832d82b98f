namespace AkkaScale.Journal.Writing;

/// <summary>
/// Writes one batch at a time. Synchronous, since a lane has a thread of its own: a busy thread pool must not delay every write.
/// </summary>
internal interface IBatchWriter : IDisposable
{
    /// <summary>Takes what writing needs, before anybody relies on it. Throws when it cannot be had now.</summary>
    void Open();

    /// <summary>Never throws: what went wrong is an outcome.</summary>
    WriteOutcome Write(Batch batch);

    /// <summary>
    /// Ends what may still be under way of the batch and reads which of its requests were written. Never throws.
    /// </summary>
    SettleOutcome Settle(Batch batch);
}
