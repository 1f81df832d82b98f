using System.IO.Hashing;
using System.Text;

namespace AkkaScale.Sharding.Routing;

/// <summary>
/// Which shard of its region an entity is of: XXH64 with seed 0 over the id's UTF-8 bytes, unsigned, modulo the number of shards. Unlike
/// Akka's own extractor it throws for no value, and no upgrade changes it.
/// </summary>
internal static class ShardHash
{
    private const int StackBytes = 512;

    /// <summary>0 to <paramref name="shardCount"/> − 1. The id must be in NFC already.</summary>
    public static int ShardOf(string id, int shardCount)
    {
        var length = Encoding.UTF8.GetMaxByteCount(id.Length);
        Span<byte> bytes = length <= StackBytes ? stackalloc byte[StackBytes] : new byte[length];
        var written = Encoding.UTF8.GetBytes(id, bytes);
        return (int)(XxHash64.HashToUInt64(bytes[..written]) % (ulong)shardCount);
    }
}
