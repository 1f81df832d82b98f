using System.Buffers;
using AkkaScale.Entities;

namespace AkkaScale.Sharding.Messages;

/// <summary>A state that another process has written.</summary>
internal sealed class JsonBody(ReadOnlyMemory<byte> json) : IReplyBody
{
    public void WriteTo(IBufferWriter<byte> output) => output.Write(json.Span);
}
