using AkkaScale.Entities;

namespace AkkaScale.Sharding.Messages;

/// <summary>
/// An ask of which this process can read no more than whom it is for. The entity answers <see cref="OutcomeKind.NotUnderstood"/>; on the
/// way to an entity in another process it is passed on as it came, since that process may be newer.
/// </summary>
internal sealed record UnreadableAsk(EntityKey Entity, string Detail, string Manifest, ReadOnlyMemory<byte> Bytes) : IEntityMessage;
