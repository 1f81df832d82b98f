using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>The commands that README.md tells a newcomer to type.</summary>
internal static class ReadMe
{
    /// <summary>Every command of the blocks fenced as sh, continued lines joined, comments left out, in order.</summary>
    public static IReadOnlyList<string> Commands()
    {
        var commands = new List<string>();
        var inside = false;
        var pending = "";
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "README.md")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inside = !inside && line.Trim() == "```sh";
            }
            else if (inside && line.TrimEnd().EndsWith('\\'))
            {
                pending += line.TrimEnd()[..^1] + " ";
            }
            else if (inside)
            {
                var command = (pending + line).Trim();
                pending = "";
                if (command.Length > 0 && !command.StartsWith('#'))
                {
                    commands.Add(command);
                }
            }
        }

        return commands;
    }
}
