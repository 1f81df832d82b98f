namespace AkkaScale.LegacySharding.Handoff;

/// <summary>What an attempt at the shard's owner wants done, in this order.</summary>
internal abstract record HandoffEffect
{
    private HandoffEffect()
    {
    }

    public sealed record SendOffer : HandoffEffect;

    public sealed record SendChunk(int Number, byte[] Copies) : HandoffEffect;

    public sealed record SendManifest(WarmManifest Manifest, int Chunks) : HandoffEffect;

    public sealed record SendAbort(string Reason) : HandoffEffect;

    /// <summary>To be answered by Copied.</summary>
    public sealed record CopyOut(bool IsNewPass) : HandoffEffect;

    /// <summary>To be answered by Settled, or by ShardGone.</summary>
    public sealed record StopIntake : HandoffEffect;

    public sealed record Resume : HandoffEffect;

    /// <summary>DeadlinePassed is due after this time; it replaces the former one.</summary>
    public sealed record SetDeadline(TimeSpan After) : HandoffEffect;

    /// <summary>The shard may be given away.</summary>
    /// <param name="ColdReason">Why the target will load; null if it has everything.</param>
    public sealed record ReportReady(string? ColdReason) : HandoffEffect;
}
