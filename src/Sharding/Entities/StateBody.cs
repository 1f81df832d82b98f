using System.Buffers;
using AkkaScale.Entities;

namespace AkkaScale.Sharding.Entities;

/// <summary>An immutable state on its way to a caller; serialised by whoever needs bytes, not by the entity.</summary>
internal sealed class StateBody(IEntityKind kind, object state, string entityId, long version) : IReplyBody
{
    public void WriteTo(IBufferWriter<byte> output) => kind.WriteReply(output, state, entityId, version);
}
