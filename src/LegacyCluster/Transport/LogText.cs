using System.Text;

namespace AkkaScale.LegacyCluster.Transport;

/// <summary>Text of strangers on its way to a log: printable ASCII only, and short.</summary>
internal static class LogText
{
    private const int MaxLength = 64;

    public static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            if (escaped.Length >= MaxLength)
            {
                return escaped.Append("...").ToString();
            }

            _ = c is >= ' ' and <= '~' and not '"' and not '\\' ? escaped.Append(c) : escaped.Append($"\\u{(int)c:x4}");
        }

        return escaped.ToString();
    }
}
