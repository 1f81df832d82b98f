using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;

namespace AkkaScale.Sharding.Timers;

/// <summary>The id of the command that a firing delivers: whoever delivers it, and however often, it is one command.</summary>
internal static class TimerCommandId
{
    /// <summary>A UUID of version 8: the first bytes of SHA-256 over kind, id, name and version, each text behind its length.</summary>
    public static Guid Of(EntityKey entity, string name, long version)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("akkascale timer"u8);
        Span<byte> number = stackalloc byte[8];
        foreach (var text in new[] { entity.Kind, entity.Id, name })
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt64BigEndian(number, bytes.Length);
            hash.AppendData(number);
            hash.AppendData(bytes);
        }

        BinaryPrimitives.WriteInt64BigEndian(number, version);
        hash.AppendData(number);
        var id = hash.GetHashAndReset().AsSpan(0, 16);
        id[6] = (byte)(id[6] & 0x0F | 0x80);
        id[8] = (byte)(id[8] & 0x3F | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
