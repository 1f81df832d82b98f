using System.CommandLine;
using System.CommandLine.Parsing;

namespace AkkaScale.Pbm.Invocation;

/// <summary>What somebody may have meant by a word that is no verb: by how little it differs, or because it is one elsewhere (`drain` for `node drain`).</summary>
internal static class Suggestions
{
    private const int Most = 3;

    /// <returns>Whole commands or options, the likeliest first; none where nothing is like it.</returns>
    public static IReadOnlyList<string> For(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens.FirstOrDefault() is not { } word)
        {
            return [];
        }

        var command = parsed.CommandResult;
        var path = Path(command);
        if (word.StartsWith('-'))
        {
            return Nearest(word, Options(command).Select(option => (option, option)));
        }

        var siblings = command.Command.Subcommands.Where(sub => !sub.Hidden).ToList();
        var near = Nearest(word, siblings.Select(sub => (sub.Name, $"{path}{sub.Name}")));
        return near.Count > 0 || siblings.Count == 0
            ? near
            : Nearest(word, Leaves(Root(command).Command, "").Select(leaf => (leaf[(leaf.LastIndexOf(' ') + 1)..], leaf)));
    }

    private static IReadOnlyList<string> Nearest(string word, IEnumerable<(string Name, string Whole)> known) =>
    [
        .. known.Select(each => (each.Whole, Distance: Distance(word.ToLowerInvariant(), each.Name)))
            .Where(each => each.Distance <= Math.Max(1, word.TrimStart('-').Length / 3))
            .OrderBy(each => each.Distance).ThenBy(each => each.Whole, StringComparer.Ordinal).Select(each => each.Whole).Take(Most),
    ];

    private static IEnumerable<string> Options(CommandResult command) =>
        command.Command.Options.Where(option => !option.Hidden).Select(option => option.Name)
            .Concat(command.Parent is CommandResult parent ? parent.Command.Options.Where(option => option.Recursive).Select(option => option.Name)
                .Concat(Root(command).Command.Options.Where(option => option.Recursive).Select(option => option.Name)) : [])
            .Distinct();

    private static IEnumerable<string> Leaves(Command command, string path) => command.Subcommands.Where(sub => !sub.Hidden)
        .SelectMany(sub => sub.Subcommands.Count == 0 ? [path + sub.Name] : Leaves(sub, $"{path}{sub.Name} "));

    private static string Path(CommandResult command) => command.Parent is CommandResult parent ? $"{Path(parent)}{command.Command.Name} " : "";

    private static CommandResult Root(CommandResult command) => command.Parent is CommandResult parent ? Root(parent) : command;

    /// <summary>Letters added, lost or changed, and neighbours exchanged (optimal string alignment).</summary>
    private static int Distance(string from, string to)
    {
        var cost = new int[from.Length + 1, to.Length + 1];
        for (var row = 0; row <= from.Length; row++)
        {
            for (var column = 0; column <= to.Length; column++)
            {
                cost[row, column] = row == 0 || column == 0
                    ? row + column
                    : Math.Min(
                        Math.Min(cost[row - 1, column], cost[row, column - 1]) + 1,
                        cost[row - 1, column - 1] + (from[row - 1] == to[column - 1] ? 0 : 1));
                if (row > 1 && column > 1 && from[row - 1] == to[column - 2] && from[row - 2] == to[column - 1])
                {
                    cost[row, column] = Math.Min(cost[row, column], cost[row - 2, column - 2] + 1);
                }
            }
        }

        return cost[from.Length, to.Length];
    }
}
