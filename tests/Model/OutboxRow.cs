using AkkaScale.Sharding.Ports;

namespace AkkaScale.Tests.Model;

/// <summary>A message that is not acknowledged, or the emptied mark of the last acknowledged one of its channel.</summary>
internal sealed class OutboxRow(int shard, OutboxMessage message)
{
    public int Shard { get; } = shard;

    public OutboxMessage Message { get; } = message;

    public DateTimeOffset? AcknowledgedAt { get; set; }

    /// <summary>The order in which a shard's messages are read; the receiver only makes it definite.</summary>
    public static int Compare(OutboxRow left, OutboxRow right)
    {
        var order = CompareTo(left.Message, right.Message);
        return order != 0 ? order : BytewiseOrder.Compare(left.Message.Receiver, right.Message.Receiver);
    }

    /// <summary>By sender and number.</summary>
    public static int CompareTo(OutboxMessage left, OutboxMessage right)
    {
        var order = BytewiseOrder.Compare(left.Sender, right.Sender);
        return order != 0 ? order : left.Nr.CompareTo(right.Nr);
    }
}
