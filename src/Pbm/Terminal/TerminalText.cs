using System.Globalization;
using System.Text;

namespace AkkaScale.Pbm.Terminal;

/// <summary>Makes text of other people safe to print: nothing in it can move the cursor, hide or reorder what follows.</summary>
public static class TerminalText
{
    /// <summary>Control, format (bidirectional, zero-width), separator and unpaired surrogate characters become \u{…}.</summary>
    public static string Escape(string? text)
    {
        if (text is null)
        {
            return "";
        }

        if (!NeedsEscape(text))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsSafe(rune))
            {
                escaped.Append(rune.ToString());
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            }
        }

        return escaped.ToString();
    }

    private static bool NeedsEscape(string text)
    {
        foreach (var character in text)
        {
            if (character is < ' ' or > '~')
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An unpaired surrogate arrives as U+FFFD, which is printable.</summary>
    private static bool IsSafe(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned);
}
