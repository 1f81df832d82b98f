namespace AkkaScale.LegacySharding.Handoff;

/// <summary>What happens to an attempt at the shard's owner.</summary>
internal abstract record HandoffInput
{
    private HandoffInput()
    {
    }

    public sealed record Begin : HandoffInput;

    public sealed record Answered(bool IsAccepted, string Reason) : HandoffInput;

    /// <summary>The shard gave copies, encoded since.</summary>
    public sealed record Copied(IReadOnlyList<byte[]> Chunks, bool IsPassOver, int Changed) : HandoffInput;

    /// <summary>Intake has stopped and everything is durable; these are the last copies.</summary>
    public sealed record Settled(IReadOnlyList<byte[]> Chunks, WarmManifest Manifest) : HandoffInput;

    public sealed record ChunkAcked(int Number, bool IsFull) : HandoffInput;

    public sealed record ManifestAcked(bool IsComplete) : HandoffInput;

    /// <summary>The target can be reached (again).</summary>
    public sealed record Connected : HandoffInput;

    /// <summary>The way to the target is lost, or took no more.</summary>
    public sealed record Cut(string Reason) : HandoffInput;

    public sealed record DeadlinePassed : HandoffInput;

    /// <summary>The shard has stopped or was dropped: nothing of it may be used any more.</summary>
    public sealed record ShardGone : HandoffInput;

    /// <summary>Ownership wants the shard to stay.</summary>
    public sealed record CalledOff : HandoffInput;

    /// <summary>Ownership is about to send the compare-and-set: no way back.</summary>
    public sealed record GivenAway : HandoffInput;

    /// <summary>The outcome of the compare-and-set is known.</summary>
    public sealed record Ended(bool IsGiven) : HandoffInput;
}
