using System.Text;
using AkkaScale.Entities;

namespace AkkaScale.Sharding.Events;

/// <summary>
/// The part of an answer that is kept with the events and repeated to a retry: outcome and code, never the state.
/// </summary>
internal sealed record StoredAnswer(ReplyStatus Status, bool Created, string Code, string Detail)
{
    /// <summary>The bound on a detail, in bytes of UTF-8.</summary>
    public const int DetailBytes = 1_024;

    public static StoredAnswer Accepted { get; } = new(ReplyStatus.Accepted, false, "", "");

    public static StoredAnswer CreatedAnswer { get; } = new(ReplyStatus.Accepted, true, "", "");

    public static StoredAnswer Unchanged { get; } = new(ReplyStatus.Unchanged, false, "", "");

    public static StoredAnswer Of(EntityReply reply) => new(reply.Status, reply.Created, reply.Code, Cut(reply.Detail));

    /// <summary>The longest prefix of whole characters within the bound.</summary>
    private static string Cut(string detail)
    {
        if (Encoding.UTF8.GetByteCount(detail) <= DetailBytes)
        {
            return detail;
        }

        var bytes = 0;
        var end = 0;
        foreach (var rune in detail.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > DetailBytes)
            {
                break;
            }

            end += rune.Utf16SequenceLength;
        }

        return detail[..end];
    }
}
