using System.Buffers.Binary;
using System.Text;
using AkkaScale.Entities;

namespace AkkaScale.LegacySharding.Entities;

/// <summary>
/// The part of an answer that is kept with the events and repeated to a retry: outcome and code, never the state.
/// Encoded: format 1, status, created, then code and detail as 16-bit length and UTF-8.
/// </summary>
internal sealed record StoredAnswer(ReplyStatus Status, bool Created, string Code, string Detail)
{
    /// <summary>The bound on an encoded answer, in bytes.</summary>
    public const int MaxBytes = 1_024;

    private const byte Format = 1;
    private const int HeaderBytes = 7;
    private const int MaxCodeBytes = 128;

    public static StoredAnswer Accepted { get; } = new(ReplyStatus.Accepted, false, "", "");

    public static StoredAnswer CreatedAnswer { get; } = new(ReplyStatus.Accepted, true, "", "");

    public static StoredAnswer Unchanged { get; } = new(ReplyStatus.Unchanged, false, "", "");

    private static readonly byte[] AcceptedBytes = [Format, (byte)ReplyStatus.Accepted, 0, 0, 0, 0, 0];
    private static readonly byte[] CreatedBytes = [Format, (byte)ReplyStatus.Accepted, 1, 0, 0, 0, 0];
    private static readonly byte[] UnchangedBytes = [Format, (byte)ReplyStatus.Unchanged, 0, 0, 0, 0, 0];

    public byte[] Encode()
    {
        if (Code.Length == 0 && Detail.Length == 0)
        {
            return Status == ReplyStatus.Unchanged ? UnchangedBytes : Created ? CreatedBytes : AcceptedBytes;
        }

        var code = Encoding.UTF8.GetBytes(Code);
        if (code.Length > MaxCodeBytes)
        {
            throw new InvalidOperationException($"Code {Code} is longer than {MaxCodeBytes} bytes.");
        }

        var detail = Cut(Encoding.UTF8.GetBytes(Detail), MaxBytes - HeaderBytes - code.Length);
        var bytes = new byte[HeaderBytes + code.Length + detail.Length];
        bytes[0] = Format;
        bytes[1] = (byte)Status;
        bytes[2] = Created ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(3), (ushort)code.Length);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(5), (ushort)detail.Length);
        code.CopyTo(bytes, HeaderBytes);
        detail.CopyTo(bytes.AsSpan(HeaderBytes + code.Length));
        return bytes;
    }

    /// <exception cref="FormatException">Not an encoded answer of a known format.</exception>
    public static StoredAnswer Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || bytes[0] != Format)
        {
            throw new FormatException("A stored answer has an unknown format.");
        }

        var code = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        var detail = BinaryPrimitives.ReadUInt16BigEndian(bytes[5..]);
        if (bytes.Length != HeaderBytes + code + detail)
        {
            throw new FormatException("A stored answer has a wrong length.");
        }

        if (code == 0 && detail == 0)
        {
            return bytes[1] == (byte)ReplyStatus.Unchanged ? Unchanged : bytes[2] == 1 ? CreatedAnswer : Accepted;
        }

        return new StoredAnswer(
            (ReplyStatus)bytes[1],
            bytes[2] == 1,
            Encoding.UTF8.GetString(bytes.Slice(HeaderBytes, code)),
            Encoding.UTF8.GetString(bytes.Slice(HeaderBytes + code, detail)));
    }

    /// <summary>The longest prefix of whole UTF-8 characters within the bound.</summary>
    private static ReadOnlySpan<byte> Cut(byte[] utf8, int bound)
    {
        if (utf8.Length <= bound)
        {
            return utf8;
        }

        var end = bound;
        while (end > 0 && (utf8[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return utf8.AsSpan(0, end);
    }
}
