using System.Buffers;
using AkkaScale.Entities;

namespace AkkaScale.LegacySharding.Entities;

/// <summary>An immutable state on its way to a caller of this process; serialised by whoever needs bytes, off the shard's step.</summary>
internal sealed class StateBody(IEntityKind kind, object state, string entityId, long version) : IReplyBody
{
    public void WriteTo(IBufferWriter<byte> output) => kind.WriteReply(output, state, entityId, version);
}

/// <summary>A state that was serialised by another node.</summary>
internal sealed class BytesBody(byte[] json) : IReplyBody
{
    public void WriteTo(IBufferWriter<byte> output) => output.Write(json);
}
