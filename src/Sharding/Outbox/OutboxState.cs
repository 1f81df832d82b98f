using AkkaScale.Sharding.Ports;

namespace AkkaScale.Sharding.Outbox;

/// <summary>One shard's messages on their way, under one epoch: memory of what the store holds anyway. Mutable, owned by the shard.</summary>
internal sealed class OutboxState
{
    public bool IsStarted { get; set; }

    /// <summary>Memory holds every message of this shard that is not acknowledged. If not, the store must be read through.</summary>
    public bool IsComplete { get; set; }

    /// <summary>Null while there is none; then, unless complete, the next begins at <see cref="NextPassAt"/>.</summary>
    public OutboxPass? Pass { get; set; }

    /// <summary>Monotonic ticks.</summary>
    public long NextPassAt { get; set; }

    public Dictionary<ChannelKey, OutboxChannel> Channels { get; } = [];

    /// <summary>Channels in phase Ready, in order of arrival: each gets its turn.</summary>
    public Queue<OutboxChannel> Ready { get; } = new();

    /// <summary>Messages in memory, over all channels.</summary>
    public int Messages { get; set; }

    public int InFlight { get; set; }

    /// <summary>Settlements whose write failed for certain, or that came while nothing could be written.</summary>
    public List<OutboxSettlement> Lost { get; } = [];
}

/// <summary>One reading of a shard's outbox from beginning to end, page by page.</summary>
internal sealed class OutboxPass
{
    /// <summary>The last message read.</summary>
    public OutboxMessage? Cursor { get; set; }

    public bool IsReading { get; set; }

    /// <summary>Messages that became durable since the pass began: behind everything it reads of their channels, if it reads them at all.</summary>
    public List<OutboxMessage> Arrived { get; } = [];

    /// <summary>Something was left out of memory since the pass began, so another pass must follow.</summary>
    public bool HasMissed { get; set; }

    /// <summary>Channels of the cursor's sender that were put out of memory: what this pass still reads of them must not overtake.</summary>
    public HashSet<ChannelKey> PutOut { get; } = [];
}
