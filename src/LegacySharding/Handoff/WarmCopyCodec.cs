using System.Buffers;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding.Entities;

namespace AkkaScale.LegacySharding.Handoff;

/// <summary>
/// One entity in a chunk: kind, id, state version i32, stamp i64, version i64, snapshot version i64, last at (UTC ticks) i64, truncated u8,
/// remembered commands u16 (command id 16 bytes, version i64, hashed u8, [hash 32 bytes], answer behind its length u16), oldest first; then
/// the state, as in a snapshot, to the end.
/// </summary>
internal static class WarmCopyCodec
{
    public static void Write(IBufferWriter<byte> output, WarmCopy copy)
    {
        var writer = new FieldWriter(output);
        writer.Text(copy.Key.Kind);
        writer.Text(copy.Key.Id);
        writer.Int32(copy.Kind.StateVersion);
        writer.Int64(copy.Stamp);
        writer.Int64(copy.Version);
        writer.Int64(copy.SnapshotVersion);
        writer.Int64(copy.LastAt.UtcTicks);
        writer.Flag(copy.Memory.IsTruncated);
        writer.UInt16(checked((ushort)copy.Memory.Count));
        foreach (var command in copy.Memory.InOrder())
        {
            Write(output, writer, command);
        }

        output.Write(copy.Kind.WriteSnapshot(copy.State));
    }

    /// <summary>Null: of a kind or of a state version that this node does not read, or its state cannot be decoded.</summary>
    /// <exception cref="FrameFormatException">The bytes do not follow the format.</exception>
    public static WarmCopy? Read(ReadOnlyMemory<byte> encoded, EntityKindRegistry kinds, int rememberedBound)
    {
        var reader = new FieldReader(encoded);
        var key = new EntityKey(reader.Text(), reader.Text());
        var stateVersion = reader.Int32();
        if (kinds.Find(key.Kind) is not { } kind || kind.StateVersion != stateVersion)
        {
            return null;
        }

        var (stamp, version, snapshotVersion, ticks) = (reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64());
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks)
        {
            throw new FrameFormatException("The time of an entity that is handed off is out of range.");
        }

        try
        {
            var memory = ReadMemory(reader, rememberedBound);
            var state = kind.ReadSnapshot(reader.Bytes(reader.Remaining).ToArray());
            return new WarmCopy(key, kind, stamp, version, snapshotVersion, new DateTimeOffset(ticks, TimeSpan.Zero), state, memory);
        }
        catch (Exception unreadable) when (unreadable is not FrameFormatException)
        {
            // Whatever a kind's own types throw at bytes they do not know: the journal will tell.
            return null;
        }
    }

    private static void Write(IBufferWriter<byte> output, FieldWriter writer, in RememberedCommand command)
    {
        writer.Guid(command.CommandId);
        writer.Int64(command.Version);
        writer.Flag(!command.Hash.IsEmpty);
        if (!command.Hash.IsEmpty)
        {
            command.Hash.CopyTo(output.GetSpan(PayloadHash.Length));
            output.Advance(PayloadHash.Length);
        }

        var answer = command.Answer.Encode();
        writer.UInt16(checked((ushort)answer.Length));
        output.Write(answer);
    }

    private static CommandMemory ReadMemory(FieldReader reader, int rememberedBound)
    {
        var memory = new CommandMemory();
        if (reader.Flag())
        {
            memory.MarkTruncated();
        }

        for (var count = reader.UInt16(); count > 0; count--)
        {
            var (commandId, version) = (reader.Guid(), reader.Int64());
            var hash = reader.Flag() ? PayloadHash.FromBytes(reader.Bytes(PayloadHash.Length).Span) : default;
            var answer = StoredAnswer.Decode(reader.Bytes(reader.UInt16()).Span);
            memory.Add(new RememberedCommand(commandId, hash, version, answer), rememberedBound);
        }

        return memory;
    }
}
