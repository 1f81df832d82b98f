namespace AkkaScale.Management.Access;

/// <summary>Tokens in a file: a line each with name, role and SHA-256, separated by spaces; # begins a comment.</summary>
internal static class TokenFile
{
    private const int LargestFile = 64 * 1024;

    /// <param name="problems">Gets what cannot be read; a line is named by its number, its text is not repeated.</param>
    public static IReadOnlyList<(string Where, string Name, string Role, string Sha256)> Read(string path, ICollection<string> problems)
    {
        if (path.Length == 0)
        {
            return [];
        }

        try
        {
            if (new FileInfo(path).Length > LargestFile)
            {
                problems.Add($"Management:TokenFile {path} has more than {LargestFile} bytes: is it the right file?");
                return [];
            }

            return Parse(path, File.ReadLines(path), problems);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add($"Management:TokenFile {path} cannot be read: {unreadable.Message}");
            return [];
        }
    }

    private static List<(string Where, string Name, string Role, string Sha256)> Parse(string path, IEnumerable<string> lines, ICollection<string> problems)
    {
        var entries = new List<(string, string, string, string)>();
        foreach (var (line, number) in lines.Select((line, index) => (line.Split('#')[0], index + 1)))
        {
            switch (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                case []:
                    break;
                case [var name, var role, var sha256]:
                    entries.Add(($"Management:TokenFile {path}, line {number}", name, role, sha256));
                    break;
                default:
                    problems.Add($"Management:TokenFile {path}, line {number}: give name, role and SHA-256, separated by spaces.");
                    break;
            }
        }

        return entries;
    }
}
