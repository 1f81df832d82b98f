using System.Buffers;
using System.Globalization;
using System.Text;
using AkkaScale.Domain.Validation;

namespace AkkaScale.Gateway.Ids;

/// <summary>The rules for ids, whether they come in a request target, a header or a body.</summary>
internal static class EntityId
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Null if the id is valid, else what is wrong with it: a clause that goes on from "The id …", without text of the caller.</summary>
    public static string? Fault(string id)
    {
        if (id.Length == 0)
        {
            return "is empty";
        }

        if (id is "." or "..")
        {
            return "is a dot segment";
        }

        var length = 0;
        for (var rest = id.AsSpan(); !rest.IsEmpty; length++)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var consumed) != OperationStatus.Done)
            {
                return "holds a lone surrogate";
            }

            if (Rune.IsControl(rune))
            {
                return "holds a control character";
            }

            if (rune.Value is '/' or '\\')
            {
                return "holds a slash or backslash";
            }

            rest = rest[consumed..];
        }

        if (length > Limits.IdLength)
        {
            return $"is longer than {Limits.IdLength} characters";
        }

        if (HoldsEscape(id))
        {
            return "is percent-encoded twice: after decoding it still holds % and two hexadecimal digits";
        }

        return id.IsNormalized(NormalizationForm.FormC) ? null : "is not in Unicode Normalization Form C";
    }

    /// <summary>Percent-decodes one raw path segment exactly once and checks the result.</summary>
    public static string? Decode(string segment, out string id)
    {
        id = segment;
        if (!segment.Contains('%', StringComparison.Ordinal))
        {
            return Fault(id);
        }

        Span<byte> bytes = segment.Length <= 1024 ? stackalloc byte[segment.Length] : new byte[segment.Length];
        var count = 0;
        for (var i = 0; i < segment.Length; i++)
        {
            if (segment[i] != '%')
            {
                // The server lets nothing but ASCII into a request target.
                bytes[count++] = (byte)segment[i];
                continue;
            }

            if (!IsEscape(segment, i))
            {
                return "holds % without two hexadecimal digits";
            }

            bytes[count++] = byte.Parse(segment.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            i += 2;
        }

        try
        {
            id = StrictUtf8.GetString(bytes[..count]);
        }
        catch (DecoderFallbackException)
        {
            return "is not valid UTF-8";
        }

        return Fault(id);
    }

    /// <summary>
    /// An id such as "a%2fb" is one decoding away from a path. Something between the client and us, or behind us, that decodes once more would make
    /// another id of it, so that two spellings met one entity: no id may look like this.
    /// </summary>
    private static bool HoldsEscape(string id)
    {
        for (var i = id.IndexOf('%', StringComparison.Ordinal); i >= 0; i = id.IndexOf('%', i + 1))
        {
            if (IsEscape(id, i))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsEscape(string text, int at) =>
        at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]);
}
