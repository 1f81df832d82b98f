using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;

namespace AkkaScale.Sharding.Ports;

/// <summary>Which message of which entity an event accepted; the receiver remembers the highest number of each sender.</summary>
/// <param name="Nr">Grows from message to message of one sender; has gaps.</param>
public readonly record struct MessageOrigin(EntityKey Sender, long Nr);

/// <summary>A timer of an entity is set, moved or removed, in the transaction of the event that did it.</summary>
/// <param name="Version">The entity's sequence number at that event; a firing that carries another is not current.</param>
/// <param name="DueAt">Null removes the timer.</param>
public sealed record TimerChange(EntityKey Entity, string Name, long Version, DateTimeOffset? DueAt);

/// <summary>A timer whose time has come by the store's wall clock.</summary>
public sealed record DueTimer(int Shard, EntityKey Entity, string Name, long Version, DateTimeOffset DueAt);

/// <summary>A message one entity sends to another: written with the sender's event, delivered in order of <paramref name="Nr"/> to each receiver.</summary>
/// <param name="Nr">The sender's sequence number · 65,536 + the message's index in that event.</param>
/// <param name="Command">UTF-8 JSON of a command of the receiver's kind.</param>
public sealed record OutboxMessage(
    EntityKey Sender, EntityKey Receiver, long Nr, string ActingUser, ReadOnlyMemory<byte> Command, DateTimeOffset At);

/// <summary>
/// What became of the messages of one sender to one receiver up to <paramref name="Nr"/>. Acknowledged: those below are removed and the last
/// stays, marked, so that an idle channel can be found and closed. Closed: the receiver has forgotten the sender; the mark goes too.
/// </summary>
public sealed record OutboxSettlement(EntityKey Sender, EntityKey Receiver, long Nr, bool IsClosed);

/// <summary>The entity is to be (or no longer to be) loaded by whoever takes over its shard.</summary>
public sealed record RememberedChange(EntityKey Entity, bool IsRemembered);
