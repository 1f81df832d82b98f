using System.Buffers;
using System.Text;
using AkkaScale.Entities;

namespace AkkaScale.Domain.Validation;

/// <summary>
/// What a text may be, in one place: entities check it when they decide, the HTTP edge before it sends. Every check
/// gives null, or a refusal with code "request/" and the name of the member.
/// </summary>
/// <remarks>Characters are Unicode scalar values. No text may hold U+0000 or half a surrogate pair.</remarks>
public static class Limits
{
    /// <summary>In characters.</summary>
    public const int IdLength = 255;

    /// <summary>Of names and titles, in characters.</summary>
    public const int NameLength = 500;

    /// <summary>In characters; the longest address that mail can be sent to.</summary>
    public const int EmailLength = 254;

    /// <summary>In characters.</summary>
    public const int LabelLength = 64;

    /// <summary>In bytes of UTF-8.</summary>
    public const int DescriptionBytes = 64 * 1024;

    /// <summary>In bytes of UTF-8.</summary>
    public const int CommentBytes = 16 * 1024;

    public const int LabelsPerTask = 50;

    public const int MembersPerProject = 1_000;

    private static readonly SearchValues<char> Separators = SearchValues.Create("/\\");

    /// <summary>An entity's id, or the id of one named in a body: code "request/id".</summary>
    /// <param name="id">Null is refused like the empty text.</param>
    /// <param name="place">Where it stood, for people: "id", "owner", "user".</param>
    public static Refusal? CheckId(string? id, string place = "id") =>
        CheckCharacters(id, "id", place, IdLength) ?? (IsIdText(id!) ? null : new Refusal(
            "request/id",
            $"{place} must be in Unicode normal form C, not . or .., without control characters, / and \\."));

    public static Refusal? CheckName(string? name) =>
        CheckCharacters(name, "name", "name", NameLength) ?? CheckInk(name!, "name", "name");

    public static Refusal? CheckTitle(string? title) =>
        CheckCharacters(title, "title", "title", NameLength) ?? CheckInk(title!, "title", "title");

    /// <param name="email">Null: none. Otherwise anything with an @ inside: only sending mail shows more.</param>
    public static Refusal? CheckEmail(string? email) => email is null
        ? null
        : CheckCharacters(email, "email", "email", EmailLength)
            ?? (email.IndexOf('@', 1) is var at && at > 0 && at < email.Length - 1
                ? null
                : new Refusal("request/email", "email must have an @ with something on both sides."));

    /// <param name="description">Null or empty: none.</param>
    public static Refusal? CheckDescription(string? description) =>
        CheckBytes(description ?? "", "description", DescriptionBytes);

    public static Refusal? CheckComment(string? text) => string.IsNullOrEmpty(text)
        ? new Refusal("request/text", "text must not be empty.")
        : CheckBytes(text, "text", CommentBytes);

    /// <summary>Each label alone; how many a task may have is its own rule.</summary>
    public static Refusal? CheckLabels(IEnumerable<string>? labels, string place = "labels")
    {
        if (labels is null)
        {
            return new Refusal("request/labels", $"{place} must be an array of strings.");
        }

        var each = $"each of {place}";
        foreach (var label in labels)
        {
            if ((CheckCharacters(label, "labels", each, LabelLength) ?? CheckInk(label, "labels", each)) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static Refusal? CheckCharacters(string? text, string member, string place, int most)
    {
        if (string.IsNullOrEmpty(text))
        {
            return new Refusal($"request/{member}", $"{place} must not be empty.");
        }

        if (!IsText(text))
        {
            return NotText(member, place);
        }

        // A scalar value is one or two chars, so only texts in between need to be counted.
        return text.Length > most && (text.Length > 2 * most || CountCharacters(text) > most)
            ? new Refusal($"request/{member}", $"{place} must have at most {most} characters.")
            : null;
    }

    private static Refusal? CheckInk(string text, string member, string place) => string.IsNullOrWhiteSpace(text)
        ? new Refusal($"request/{member}", $"{place} must not be blank.")
        : null;

    private static Refusal? CheckBytes(string text, string member, int most)
    {
        if (!IsText(text))
        {
            return NotText(member, member);
        }

        return text.Length > most || (text.Length > most / 3 && Encoding.UTF8.GetByteCount(text) > most)
            ? new Refusal($"request/{member}", $"{member} must have at most {most} bytes in UTF-8.")
            : null;
    }

    private static bool IsText(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        var first = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        for (var i = first < 0 ? text.Length : first; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i++))
            {
                return false;
            }
        }

        return true;
    }

    /// <param name="text">Well-formed.</param>
    private static int CountCharacters(string text)
    {
        var count = text.Length;
        foreach (var unit in text)
        {
            count -= char.IsLowSurrogate(unit) ? 1 : 0;
        }

        return count;
    }

    /// <param name="id">Well-formed: of half a surrogate pair the framework knows no normal form, and throws.</param>
    private static bool IsIdText(string id) =>
        id is not ("." or "..")
        && id.AsSpan().IndexOfAny(Separators) < 0
        && !id.Any(char.IsControl)
        && id.IsNormalized(NormalizationForm.FormC);

    private static Refusal NotText(string member, string place) =>
        new($"request/{member}", $"{place} must not hold U+0000 or half a surrogate pair.");
}
