using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;

namespace AkkaScale.Sharding.Outbox;

/// <summary>The rows that a decision's messages become.</summary>
internal static class OutboxRows
{
    /// <summary>Added to a message's command when the size of a batch is estimated.</summary>
    private const int RowOverheadBytes = 256;

    /// <summary>Null if the messages may be written; else why not.</summary>
    public static Refusal? Exceed(ShardingOptions options, in EntityDecision decision)
    {
        if (decision.Messages.Count > options.MessagesPerCommand)
        {
            return new Refusal(
                "entity/too-many-messages", $"The command sends {decision.Messages.Count} messages; {options.MessagesPerCommand} are allowed.");
        }

        foreach (var message in decision.Messages)
        {
            if (message.Command.Length > options.EventBytes)
            {
                return new Refusal(
                    "entity/message-too-large",
                    $"A message to kind {message.Receiver.Kind} takes {message.Command.Length} bytes; {options.EventBytes} are allowed.");
            }
        }

        return null;
    }

    /// <param name="firstSequenceNr">Of the decision's first event.</param>
    public static IReadOnlyList<OutboxMessage> Of(
        EntityKey sender, long firstSequenceNr, string actingUser, IReadOnlyList<EncodedMessage> messages, DateTimeOffset at)
    {
        if (messages.Count == 0)
        {
            return [];
        }

        var rows = new OutboxMessage[messages.Count];
        var place = 0;
        for (var index = 0; index < rows.Length; index++)
        {
            var message = messages[index];
            place = index > 0 && messages[index - 1].EventIndex == message.EventIndex ? place + 1 : 0;
            var nr = ((firstSequenceNr + message.EventIndex) * MessageEncoder.MaxPerEvent) + place;
            rows[index] = new OutboxMessage(sender, message.Receiver, nr, actingUser, message.Command, at);
        }

        return rows;
    }

    public static int BytesOf(IReadOnlyList<OutboxMessage> rows)
    {
        var bytes = 0;
        foreach (var row in rows)
        {
            bytes += row.Command.Length + RowOverheadBytes;
        }

        return bytes;
    }
}
