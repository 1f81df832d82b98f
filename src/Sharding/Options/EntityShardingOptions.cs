namespace AkkaScale.Sharding.Options;

/// <summary>Bounds and habits of entities on one node. Checked when the system is built.</summary>
public sealed class EntityShardingOptions
{
    /// <summary>Of each kind's region: fixed by the first start of the cluster, and checked by every later one.</summary>
    public int ShardCount { get; set; } = 128;

    /// <summary>Members with this role host shards; all others ask them through a proxy.</summary>
    public string Role { get; set; } = "entity";

    /// <summary>Commands and reads that an entity may have waiting; one more is overloaded.</summary>
    public int MailboxLimit { get; set; } = 1_024;

    /// <summary>Largest encoded event, in bytes.</summary>
    public int EventBytes { get; set; } = 1024 * 1024;

    /// <summary>Answered commands that an entity remembers in memory and in its snapshots.</summary>
    public int RememberedCommands { get; set; } = 256;

    /// <summary>An entity without a command for this long leaves memory.</summary>
    public TimeSpan PassivateAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Entities that this node keeps in memory, of all kinds; the least recently used leave first.</summary>
    public int MaxResidentEntities { get; set; } = 200_000;

    /// <summary>Longest time a caller may ask for.</summary>
    public TimeSpan MaxTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one attempt waits before it is repeated under the same command id; later ones wait longer.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Commands and reads of this process that may be under way at a time; one more is overloaded.</summary>
    public int MaxAsks { get; set; } = 10_000;

    /// <summary>The same for one shard.</summary>
    public int MaxAsksPerShard { get; set; } = 1_000;

    /// <summary>Of serialised commands under way, in bytes.</summary>
    public long MaxAskBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>
    /// How long the database may take to confirm who owns a shard, or to find an answer that an entity has forgotten, before the caller is
    /// told that it is unavailable.
    /// </summary>
    public TimeSpan ConfirmationTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How shards are moved between members.</summary>
    public AllocationOptions Allocation { get; } = new();

    /// <summary>Every setting that cannot work, with what to change; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (ShardCount is < 1 or > 100_000)
        {
            yield return $"Sharding:ShardCount is {ShardCount}: set 1 to 100,000.";
        }

        if (Role.Length == 0)
        {
            yield return "Sharding:Role is empty: name the role of members that host shards.";
        }

        if (MailboxLimit < 1 || RememberedCommands is < 1 or > 65_536 || EventBytes < 1_024)
        {
            yield return "Sharding:MailboxLimit must be at least 1, RememberedCommands 1 to 65,536, EventBytes at least 1,024.";
        }

        if (MaxAsks < 1 || MaxAsksPerShard < 1 || MaxAskBytes < 1 || MaxResidentEntities < 1)
        {
            yield return "Sharding:MaxAsks, MaxAsksPerShard, MaxAskBytes and MaxResidentEntities must be at least 1.";
        }

        if (PassivateAfter <= TimeSpan.Zero || ConfirmationTimeout <= TimeSpan.Zero || AttemptTimeout <= TimeSpan.Zero
            || MaxTimeout < AttemptTimeout)
        {
            yield return "Sharding:PassivateAfter, ConfirmationTimeout and AttemptTimeout must be positive, and MaxTimeout not below the last.";
        }

        foreach (var problem in Allocation.Validate())
        {
            yield return $"Sharding:{problem}";
        }
    }
}
