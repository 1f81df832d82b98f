namespace AkkaScale.LegacySharding;

/// <summary>Bounds and habits of shards on one node. Bound from section AkkaScale:Sharding, validated at start.</summary>
public sealed class ShardingOptions
{
    /// <summary>Commands an entity may have waiting or in flight; beyond it: overloaded.</summary>
    public int MailboxLimit { get; set; } = 1_024;

    /// <summary>Inputs one shard may have waiting; beyond it: overloaded.</summary>
    public int ShardQueueLimit { get; set; } = 16_384;

    /// <summary>Commands of this process that may wait for a moving or ownerless shard, in all.</summary>
    public int RouterBuffer { get; set; } = 10_000;

    /// <summary>The same for one shard.</summary>
    public int RouterBufferPerShard { get; set; } = 1_000;

    /// <summary>Bytes of serialised commands of this process that may wait in the same way.</summary>
    public long RouterBufferBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>Journal writers of this node, each with a connection; 0: one for every four processors, at least one.</summary>
    public int Lanes { get; set; }

    public int LaneQueueEvents { get; set; } = 16_384;

    public long LaneQueueBytes { get; set; } = 64L * 1024 * 1024;

    public int BatchEvents { get; set; } = 1_024;

    public int BatchBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Largest encoded event.</summary>
    public int EventBytes { get; set; } = 1024 * 1024;

    /// <summary>Command ids an entity remembers in memory.</summary>
    public int RememberedCommands { get; set; } = 256;

    /// <summary>How long a stored answer is promised to be found again.</summary>
    public TimeSpan CommandWindow { get; set; } = TimeSpan.FromHours(24);

    /// <summary>An entity without a command for this long leaves memory.</summary>
    public TimeSpan PassivateAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Entities this node keeps in memory; the least recently used leave first.</summary>
    public int MaxResidentEntities { get; set; } = 200_000;

    /// <summary>Entities recovered from the journal at the same time at most; fewer while the store is slow.</summary>
    public int RecoveryConcurrency { get; set; } = 32;

    /// <summary>How long the store may take to say who owns a shard before the confirmed reads that wait for it are told that it is unavailable.</summary>
    public TimeSpan ConfirmationTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest time a caller may ask for.</summary>
    public TimeSpan MaxTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of copies, as sent, that this node keeps of shards on their way to it; what goes beyond loads from the journal.</summary>
    public long WarmCopyBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>Shards on their way to this node whose copies it keeps at the same time.</summary>
    public int WarmHandoffs { get; set; } = 64;

    /// <summary>Bytes of copies an owner sends ahead of the target's acknowledgement, for each shard.</summary>
    public int HandoffWindowBytes { get; set; } = 512 * 1024;

    /// <summary>How long a shard's entities may take to be copied while it serves; after that it moves without them.</summary>
    public TimeSpan HandoffTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a shard that has stopped intake waits for its target to have everything; after that it moves without copies.</summary>
    public TimeSpan HandoffPauseLimit { get; set; } = TimeSpan.FromMilliseconds(500);

    public int EffectiveLanes => Lanes > 0 ? Lanes : Math.Max(1, Environment.ProcessorCount / 4);

    /// <summary>Every setting that cannot work, with what to change; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (MailboxLimit < 1 || ShardQueueLimit < MailboxLimit)
        {
            yield return $"Sharding:MailboxLimit is {MailboxLimit} and Sharding:ShardQueueLimit {ShardQueueLimit}: set at least 1, and the second not below the first.";
        }

        if (RouterBuffer < 1 || RouterBufferPerShard < 1 || RouterBufferBytes < 1)
        {
            yield return "Sharding:RouterBuffer, RouterBufferPerShard and RouterBufferBytes must be at least 1.";
        }

        if (Lanes is < 0 or > 64)
        {
            yield return $"Sharding:Lanes is {Lanes}: set 0 (automatic) to 64.";
        }

        if (BatchEvents is < 1 or > 65_536 || LaneQueueEvents < BatchEvents)
        {
            yield return $"Sharding:BatchEvents is {BatchEvents} and Sharding:LaneQueueEvents {LaneQueueEvents}: set 1 to 65,536, and the second not below the first.";
        }

        if (EventBytes < 1_024 || BatchBytes < EventBytes || LaneQueueBytes < BatchBytes)
        {
            yield return "Sharding:EventBytes must be at least 1,024, BatchBytes not below it, LaneQueueBytes not below that.";
        }

        if (RememberedCommands is < 1 or > 65_536)
        {
            yield return $"Sharding:RememberedCommands is {RememberedCommands}: set 1 to 65,536.";
        }

        if (MaxTimeout <= TimeSpan.Zero || CommandWindow < MaxTimeout * 10)
        {
            yield return $"Sharding:CommandWindow is {CommandWindow}: set at least ten times Sharding:MaxTimeout ({MaxTimeout}), else a retry may outlive the memory of its first answer.";
        }

        if (WarmCopyBytes < 0 || WarmHandoffs < 0 || HandoffWindowBytes < 1)
        {
            yield return "Sharding:WarmCopyBytes and WarmHandoffs must not be negative (0 lets every shard load from the journal), HandoffWindowBytes must be at least 1.";
        }

        if (HandoffTimeout <= TimeSpan.Zero || HandoffPauseLimit <= TimeSpan.Zero)
        {
            yield return "Sharding:HandoffTimeout and HandoffPauseLimit must be positive.";
        }

        if (ConfirmationTimeout <= TimeSpan.Zero)
        {
            yield return $"Sharding:ConfirmationTimeout is {ConfirmationTimeout}: set a positive time.";
        }

        if (PassivateAfter <= TimeSpan.Zero || MaxResidentEntities < 1 || RecoveryConcurrency < 1)
        {
            yield return "Sharding:PassivateAfter, MaxResidentEntities and RecoveryConcurrency must be positive.";
        }
    }
}
