using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AkkaScale.Gateway.Ids;

/// <summary>Ids that a retry computes again: UUIDv8 (RFC 9562) of the first 16 bytes of a SHA-256, its parts length-prefixed.</summary>
internal static class DerivedId
{
    // The purpose goes into the hash first, so that a command id never equals an entity id of the same parts.
    private const string EntityPurpose = "akkascale/entity/1";
    private const string CommandPurpose = "akkascale/command/1";

    /// <summary>Of an entity that is created by POST on its collection with a key.</summary>
    public static Guid OfEntity(string clusterName, string actingUser, string kind, string key) =>
        Derive(EntityPurpose, clusterName, actingUser, kind, key);

    /// <summary>Of a command with a key: the key is scoped to the addressed entity and the acting user.</summary>
    public static Guid OfCommand(string kind, string id, string actingUser, string key) =>
        Derive(CommandPurpose, kind, id, actingUser, key);

    /// <summary>Appends UTF-8 text after its length in bytes, so that no two lists of parts hash alike.</summary>
    public static void AppendPart(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }

    private static Guid Derive(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            AppendPart(hash, Encoding.UTF8.GetBytes(part));
        }

        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new(bytes[..16], bigEndian: true);
    }
}
