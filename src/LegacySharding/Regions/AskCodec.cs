using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.LegacySharding.Regions;

/// <summary>
/// The payloads of frames Ask and Reply. Integers are big-endian, texts are UTF-8 behind a 16-bit length.
/// Ask: correlation u64, remaining ms u32, attempt u16, flags u8, command id 16 bytes, [expected version i64], [hash 32 bytes],
/// acting user, kind, id, [precondition code, precondition detail], then the command's JSON.
/// Reply: correlation u64, outcome u8; if answered: status u8, flags u8, version i64, code, detail, then the state's JSON; if not the
/// owner: the receiver's known epoch i64; else a detail.
/// </summary>
internal static class AskCodec
{
    private const byte ClientKeyFlag = 1;
    private const byte ReadFlag = 2;
    private const byte ExpectedVersionFlag = 4;
    private const byte HashFlag = 8;
    private const byte PreconditionFlag = 16;
    private const byte ConfirmedFlag = 32;

    private const byte CreatedFlag = 1;
    private const byte ReplayedFlag = 2;
    private const byte BodyFlag = 4;

    private const int MaxTextBytes = 4_096;

    public static void WriteAsk(IBufferWriter<byte> output, long correlation, TimeSpan remaining, ShardInput.Ask ask)
    {
        WriteInt64(output, correlation);
        WriteInt32(output, (int)Math.Clamp(remaining.TotalMilliseconds, 0, int.MaxValue));
        WriteUInt16(output, (ushort)Math.Min(ask.Attempt, ushort.MaxValue));
        var flags = (ask.IsClientKey ? ClientKeyFlag : 0) | (ask.IsRead ? ReadFlag : 0)
            | (ask.ExpectedVersion is not null ? ExpectedVersionFlag : 0) | (ask.Hash.IsEmpty ? 0 : HashFlag)
            | (ask.Precondition is not null ? PreconditionFlag : 0) | (ask.IsConfirmed ? ConfirmedFlag : 0);
        WriteByte(output, (byte)flags);
        ask.CommandId.TryWriteBytes(output.GetSpan(16), bigEndian: true, out _);
        output.Advance(16);
        if (ask.ExpectedVersion is { } expected)
        {
            WriteInt64(output, expected);
        }

        if (!ask.Hash.IsEmpty)
        {
            ask.Hash.CopyTo(output.GetSpan(PayloadHash.Length));
            output.Advance(PayloadHash.Length);
        }

        WriteText(output, ask.ActingUser);
        WriteText(output, ask.Entity.Kind);
        WriteText(output, ask.Entity.Id);
        if (ask.Precondition is { } precondition)
        {
            WriteText(output, precondition.Code);
            WriteText(output, precondition.Detail);
        }

        ask.Kind.WriteCommand(output, ask.Command);
    }

    /// <summary>Reads all but the command, whose kind the caller looks up.</summary>
    /// <exception cref="FrameFormatException">The frame does not follow the format.</exception>
    public static ReceivedAsk ReadAsk(ReadOnlySequence<byte> payload)
    {
        var reader = new SequenceReader<byte>(payload);
        var correlation = ReadInt64(ref reader);
        var remaining = ReadInt32(ref reader);
        var attempt = ReadUInt16(ref reader);
        var flags = ReadByte(ref reader);
        Span<byte> wide = stackalloc byte[PayloadHash.Length];
        ReadExactly(ref reader, wide[..16]);
        var commandId = new Guid(wide[..16], bigEndian: true);
        long? expected = (flags & ExpectedVersionFlag) != 0 ? ReadInt64(ref reader) : null;
        var hash = default(PayloadHash);
        if ((flags & HashFlag) != 0)
        {
            ReadExactly(ref reader, wide);
            hash = PayloadHash.FromBytes(wide);
        }

        var actingUser = ReadText(ref reader);
        var entity = new EntityKey(ReadText(ref reader), ReadText(ref reader));
        var precondition = (flags & PreconditionFlag) != 0 ? new Refusal(ReadText(ref reader), ReadText(ref reader)) : null;
        if ((flags & (ReadFlag | ConfirmedFlag)) == ConfirmedFlag)
        {
            throw new FrameFormatException("An ask that is no read is to be confirmed.");
        }

        if (remaining < 0 || entity.Kind.Length == 0 || entity.Id.Length == 0)
        {
            throw new FrameFormatException("An ask has a negative deadline or no entity.");
        }

        return new ReceivedAsk(
            correlation, TimeSpan.FromMilliseconds(remaining), attempt, (flags & ClientKeyFlag) != 0, (flags & ReadFlag) != 0,
            (flags & ConfirmedFlag) != 0, commandId, expected, hash, actingUser, entity, precondition, payload.Slice(reader.Position));
    }

    public static void WriteReply(IBufferWriter<byte> output, long correlation, AskOutcome outcome, long knownEpoch)
    {
        WriteInt64(output, correlation);
        WriteByte(output, (byte)outcome.Kind);
        switch (outcome.Kind)
        {
            case AskOutcomeKind.Answered:
                var reply = outcome.Reply!;
                WriteByte(output, (byte)reply.Status);
                var flags = (reply.Created ? CreatedFlag : 0) | (reply.Replayed ? ReplayedFlag : 0) | (reply.Body is null ? 0 : BodyFlag);
                WriteByte(output, (byte)flags);
                WriteInt64(output, reply.Version);
                WriteText(output, reply.Code);
                WriteText(output, reply.Detail);
                reply.Body?.WriteTo(output);
                break;
            case AskOutcomeKind.NotOwner:
                WriteInt64(output, knownEpoch);
                break;
            default:
                WriteText(output, outcome.Detail);
                break;
        }
    }

    /// <exception cref="FrameFormatException">The frame does not follow the format.</exception>
    public static ReceivedReply ReadReply(ReadOnlySequence<byte> payload)
    {
        var reader = new SequenceReader<byte>(payload);
        var correlation = ReadInt64(ref reader);
        var kind = (AskOutcomeKind)ReadByte(ref reader);
        switch (kind)
        {
            case AskOutcomeKind.Answered:
                var status = (ReplyStatus)ReadByte(ref reader);
                var flags = ReadByte(ref reader);
                var version = ReadInt64(ref reader);
                var code = ReadText(ref reader);
                var detail = ReadText(ref reader);
                var body = (flags & BodyFlag) != 0 ? new BytesBody(payload.Slice(reader.Position).ToArray()) : null;
                if (status > ReplyStatus.PayloadDiffers)
                {
                    throw new FrameFormatException($"A reply has the unknown status {(byte)status}.");
                }

                return new ReceivedReply(correlation, AskOutcome.Answered(new EntityReply(
                    status, code, detail, version, (flags & CreatedFlag) != 0, (flags & ReplayedFlag) != 0, body)), 0);
            case AskOutcomeKind.NotOwner:
                return new ReceivedReply(correlation, AskOutcome.NotOwner, ReadInt64(ref reader));
            case AskOutcomeKind.Unknown or AskOutcomeKind.Overloaded or AskOutcomeKind.StoreUnavailable or AskOutcomeKind.Expired
                or AskOutcomeKind.Malformed:
                return new ReceivedReply(correlation, new AskOutcome(kind, null, ReadText(ref reader)), 0);
            default:
                throw new FrameFormatException($"A reply has the unknown outcome {(byte)kind}.");
        }
    }

    private static void WriteByte(IBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    private static void WriteUInt16(IBufferWriter<byte> output, ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(2), value);
        output.Advance(2);
    }

    private static void WriteInt32(IBufferWriter<byte> output, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(4), value);
        output.Advance(4);
    }

    private static void WriteInt64(IBufferWriter<byte> output, long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    private static void WriteText(IBufferWriter<byte> output, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        if (length > MaxTextBytes)
        {
            throw new InvalidOperationException($"A text of {length} bytes does not fit a frame header; {MaxTextBytes} are allowed.");
        }

        WriteUInt16(output, (ushort)length);
        Encoding.UTF8.GetBytes(text, output.GetSpan(length));
        output.Advance(length);
    }

    private static byte ReadByte(ref SequenceReader<byte> reader) => reader.TryRead(out var value) ? value : throw Truncated();

    private static ushort ReadUInt16(ref SequenceReader<byte> reader) =>
        reader.TryReadBigEndian(out short value) ? (ushort)value : throw Truncated();

    private static int ReadInt32(ref SequenceReader<byte> reader) =>
        reader.TryReadBigEndian(out int value) ? value : throw Truncated();

    private static long ReadInt64(ref SequenceReader<byte> reader) =>
        reader.TryReadBigEndian(out long value) ? value : throw Truncated();

    private static void ReadExactly(ref SequenceReader<byte> reader, scoped Span<byte> bytes)
    {
        if (!reader.TryCopyTo(bytes))
        {
            throw Truncated();
        }

        reader.Advance(bytes.Length);
    }

    private static string ReadText(ref SequenceReader<byte> reader)
    {
        var length = ReadUInt16(ref reader);
        if (length > MaxTextBytes || !reader.TryReadExact(length, out var bytes))
        {
            throw Truncated();
        }

        return Encoding.UTF8.GetString(bytes);
    }

    private static FrameFormatException Truncated() => new("A frame ends before its content does.");
}

/// <summary>An Ask frame; the command's JSON is valid only while the frame is.</summary>
internal readonly record struct ReceivedAsk(
    long Correlation,
    TimeSpan Remaining,
    int Attempt,
    bool IsClientKey,
    bool IsRead,
    bool IsConfirmed,
    Guid CommandId,
    long? ExpectedVersion,
    PayloadHash Hash,
    string ActingUser,
    EntityKey Entity,
    Refusal? Precondition,
    ReadOnlySequence<byte> Command);

/// <param name="KnownEpoch">With outcome NotOwner: the shard's epoch as the receiver knows it.</param>
internal readonly record struct ReceivedReply(long Correlation, AskOutcome Outcome, long KnownEpoch);
