namespace AkkaScale.Entities;

/// <summary>
/// A command that an entity sends to another because of one of its events. It is written with the event and takes effect at the receiver exactly once,
/// in order per receiver.
/// </summary>
/// <param name="Kind">The receiver's, registered on this node.</param>
/// <param name="Id">The receiver's.</param>
/// <param name="Command">An instance of the receiver's command type.</param>
public sealed record EntityMessage(string Kind, string Id, object Command);

/// <summary>A message as it is stored.</summary>
/// <param name="EventIndex">Which of the decision's events it comes from.</param>
/// <param name="Command">UTF-8 JSON, as the receiver's kind reads it.</param>
public readonly record struct EncodedMessage(int EventIndex, EntityKey Receiver, ReadOnlyMemory<byte> Command);
