namespace AkkaScale.Journal.Serialization;

/// <summary>
/// Text that goes into a column must be there as it was. A lone surrogate has no UTF-8: PostgreSQL's driver breaks the connection over it,
/// SQLite's stores something else. Neither keeps a NUL.
/// </summary>
internal static class StoredText
{
    /// <exception cref="ArgumentException">The text cannot be stored.</exception>
    public static string Check(string text, string what)
    {
        if (text.Contains('\0', StringComparison.Ordinal) || HasLoneSurrogate(text))
        {
            throw new ArgumentException($"The {what} has a character that cannot be stored: a NUL or half of a surrogate pair.");
        }

        return text;
    }

    private static bool HasLoneSurrogate(string text)
    {
        // Almost always there is none at all, which is seen quickly.
        var first = text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff');
        for (var i = first < 0 ? text.Length : first; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text, i))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return true;
            }
        }

        return false;
    }
}
