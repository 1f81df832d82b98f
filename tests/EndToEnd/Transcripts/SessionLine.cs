using System.Text.RegularExpressions;

namespace AkkaScale.Tests.EndToEnd.Transcripts;

/// <summary>One line of docs/pbm-session.txt.</summary>
/// <param name="Kind">'#' a heading, '$' a command, '!' what is done to a node: start, or kill (-9).</param>
/// <param name="Compared">How many lines of the output are compared; null: all.</param>
internal sealed partial record SessionLine(char Kind, string Text, string? Until, string? While, string? In, int? Compared)
{
    public static IReadOnlyList<SessionLine> Read(string path) =>
        [.. File.ReadLines(path).Where(line => line.Length > 0 && !line.StartsWith("# ", StringComparison.Ordinal)).Select(Parse)];

    private static SessionLine Parse(string line)
    {
        if (line.StartsWith("## ", StringComparison.Ordinal))
        {
            return new SessionLine('#', line[3..], null, null, null, null);
        }

        var braces = Brace().Matches(line);
        string? Find(string name) => braces.FirstOrDefault(brace => brace.Groups[1].Value == name)?.Groups[2].Value;
        var text = Brace().Replace(line, "").TrimEnd();
        return text.StartsWith("! ", StringComparison.Ordinal) ? new SessionLine('!', text[2..], null, null, null, null)
            : text.StartsWith("$ ", StringComparison.Ordinal)
                ? new SessionLine('$', text[2..], Find("until"), Find("while"), Find("in"), Find("first") is { } count ? int.Parse(count, null) : null)
            : throw new FormatException($"not a line of a session: {line}");
    }

    [GeneratedRegex(@"\{(until|while|in|first) ([^}]*)\}")]
    private static partial Regex Brace();
}
