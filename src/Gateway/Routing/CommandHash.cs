using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AkkaScale.Entities;
using AkkaScale.Gateway.Answers;
using AkkaScale.Gateway.Ids;
using AkkaScale.Gateway.Routing;

namespace AkkaScale.Gateway.Routing;

/// <summary>
/// SHA-256 over kind, id, acting user, expected version and the canonical serialised command, which begins with the command's declared name. Every part is
/// length-prefixed. Kept with the answer, to notice one key used for two requests.
/// </summary>
internal static class CommandHash
{
    // No version is negative.
    private const long NoExpectedVersion = -1;

    public static PayloadHash Of(Resource resource, string id, string actingUser, long? expectedVersion, object command)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        DerivedId.AppendPart(hash, "akkascale/payload/1"u8);
        DerivedId.AppendPart(hash, Encoding.UTF8.GetBytes(resource.Kind));
        DerivedId.AppendPart(hash, Encoding.UTF8.GetBytes(id));
        DerivedId.AppendPart(hash, Encoding.UTF8.GetBytes(actingUser));
        Span<byte> version = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(version, expectedVersion ?? NoExpectedVersion);
        DerivedId.AppendPart(hash, version);
        using var serialised = new AnswerBuffer();
        resource.WriteCommand(serialised, command);
        DerivedId.AppendPart(hash, serialised.Written.Span);
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(bytes);
        return PayloadHash.FromBytes(bytes);
    }
}
