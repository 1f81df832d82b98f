namespace AkkaScale.LegacySharding.Handoff;

/// <summary>A handoff frame as read. Closed: one for each frame type from 0x20 on.</summary>
internal abstract record HandoffFrame(string HandoffId)
{
    public sealed record Offer(string HandoffId, int Shard, long Epoch) : HandoffFrame(HandoffId);

    public sealed record Answer(string HandoffId, bool IsAccepted, string Reason) : HandoffFrame(HandoffId);

    /// <param name="Number">From 1, without gaps.</param>
    /// <param name="Copies">Those that can be read here; others load from the journal.</param>
    /// <param name="Sizes">Of the copies, in bytes as sent.</param>
    public sealed record Chunk(string HandoffId, int Number, IReadOnlyList<WarmCopy> Copies, IReadOnlyList<int> Sizes) : HandoffFrame(HandoffId);

    /// <param name="IsFull">The target keeps no more: copying on is of no use.</param>
    public sealed record ChunkAck(string HandoffId, int Number, bool IsFull) : HandoffFrame(HandoffId);

    /// <param name="Part">From 1, without gaps.</param>
    /// <param name="Chunks">How many chunks were sent.</param>
    public sealed record Manifest(string HandoffId, int Part, bool IsLast, int Chunks, long NextPosition, IReadOnlyList<ManifestEntry> Entries)
        : HandoffFrame(HandoffId);

    public sealed record ManifestAck(string HandoffId, bool IsComplete) : HandoffFrame(HandoffId);

    public sealed record Abort(string HandoffId, string Reason) : HandoffFrame(HandoffId);
}
