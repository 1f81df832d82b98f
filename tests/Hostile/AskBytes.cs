using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Regions;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.Tests.Hostile;

/// <summary>Asks between nodes, written by hand from the description of the format.</summary>
internal static class AskBytes
{
    private const byte ClientKeyFlag = 1;
    private const byte ReadFlag = 2;
    private const byte ExpectedVersionFlag = 4;

    /// <summary>A read, which never writes, whatever becomes of it on the way.</summary>
    public static byte[] Read(string kind, string id) => Write(ReadFlag, null, 5_000, 0, 7, "tester", kind, id, """{"$type":"get"}""");

    /// <summary>A change under conditions that cannot hold.</summary>
    public static byte[] Rename(string actingUser, string id, long expectedVersion, int remaining, ushort attempt, ulong correlation) =>
        Write(ClientKeyFlag | ExpectedVersionFlag, expectedVersion, remaining, attempt, correlation, actingUser, "user", id, """{"$type":"rename","name":"N"}""");

    public static bool IsSuccess(ReadOnlySequence<byte> reply) =>
        AskCodec.ReadReply(reply).Outcome is { Kind: AskOutcomeKind.Answered, Reply.IsSuccess: true };

    public static byte[] ToArrayOf(this ReadOnlySequence<byte> bytes) => bytes.ToArray();

    private static byte[] Write(
        byte flags, long? expected, int remaining, ushort attempt, ulong correlation, string actingUser, string kind, string id, string command)
    {
        var output = new ArrayBufferWriter<byte>();
        BinaryPrimitives.WriteUInt64BigEndian(Take(8), correlation);
        BinaryPrimitives.WriteInt32BigEndian(Take(4), remaining);
        BinaryPrimitives.WriteUInt16BigEndian(Take(2), attempt);
        Take(1)[0] = flags;
        Guid.NewGuid().TryWriteBytes(Take(16), bigEndian: true, out _);
        if (expected is { } version)
        {
            BinaryPrimitives.WriteInt64BigEndian(Take(8), version);
        }

        foreach (var text in (string[])[actingUser, kind, id])
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteUInt16BigEndian(Take(2), (ushort)bytes.Length);
            bytes.CopyTo(Take(bytes.Length));
        }

        Encoding.UTF8.GetBytes(command).CopyTo(Take(Encoding.UTF8.GetByteCount(command)));
        return output.WrittenSpan.ToArray();

        Span<byte> Take(int count)
        {
            var span = output.GetSpan(count)[..count];
            output.Advance(count);
            return span;
        }
    }
}
