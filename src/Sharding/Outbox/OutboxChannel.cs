using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;

namespace AkkaScale.Sharding.Outbox;

/// <summary>Whose messages to whom: the unit of order.</summary>
internal readonly record struct ChannelKey(EntityKey Sender, EntityKey Receiver)
{
    public static ChannelKey Of(OutboxMessage message) => new(message.Sender, message.Receiver);
}

internal enum ChannelPhase : byte
{
    /// <summary>In the queue of those that may send.</summary>
    Ready,

    InFlight,

    /// <summary>Not delivered; tried again after a while.</summary>
    BackingOff,
}

/// <summary>What memory holds of one channel; gone when there is nothing left to send. Mutable, owned by its shard.</summary>
internal sealed class OutboxChannel(ChannelKey key)
{
    public ChannelKey Key { get; } = key;

    public Queue<OutboxMessage> Waiting { get; } = new();

    public ChannelPhase Phase { get; set; } = ChannelPhase.Ready;

    /// <summary>The highest number that was put into the queue; lower ones are known.</summary>
    public long LastQueued { get; set; }

    /// <summary>Messages acknowledged and not yet settled in the store; 0 or the last of them.</summary>
    public long Acknowledged { get; set; }

    public int Unsettled { get; set; }

    /// <summary>The number to close the idle channel with; goes before anything that waits.</summary>
    public long? Closing { get; set; }

    /// <summary>Failed deliveries in a row.</summary>
    public int Failures { get; set; }

    /// <summary>Monotonic ticks.</summary>
    public long RetryAt { get; set; }
}
