using System.Text.RegularExpressions;
using AkkaScale.Tests.Support;
using Xunit;

namespace AkkaScale.Tests.EndToEnd.Adopting;

/// <summary>docs/adopt.md: a program, the steps that change it, and what is typed.</summary>
internal sealed partial class AdoptPage
{
    private const string Between = "@@\n";

    private readonly string _text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "adopt.md"));

    /// <summary>By file name, as it stands before the first step.</summary>
    public IReadOnlyDictionary<string, string> Program => new Dictionary<string, string>
    {
        ["shop.csproj"] = Block("xml"),
        ["Program.cs"] = Block("csharp"),
    };

    public int Steps => StepHeading().Count(_text);

    /// <summary>Each line that is typed, in order.</summary>
    public IReadOnlyList<string> Typed => [.. BashBlock().Matches(_text).SelectMany(block => block.Groups["text"].Value.TrimEnd().Split('\n'))];

    /// <summary>The program after so many steps.</summary>
    public IReadOnlyDictionary<string, string> After(int steps)
    {
        var files = new Dictionary<string, string>(Program);
        foreach (var part in StepHeading().Split(_text)[1..(steps + 1)])
        {
            foreach (Match change in DiffBlock().Matches(part))
            {
                var file = change.Groups["file"].Value;
                files[file] = change.Groups["text"].Value.Split(Between).Aggregate(files[file], Apply);
            }
        }

        return files;
    }

    /// <summary>What a change expects must stand there once.</summary>
    private static string Apply(string text, string change)
    {
        var lines = change.TrimEnd('\n').Split('\n');
        var (before, after) = (Lines(lines, '-'), Lines(lines, '+'));
        Assert.Equal(2, text.Split(before).Length);
        return text.Replace(before, after, StringComparison.Ordinal);
    }

    private static string Lines(string[] lines, char sign) =>
        string.Concat(lines.Where(line => line[0] == ' ' || line[0] == sign).Select(line => $"{line[1..]}\n"));

    private string Block(string language) => Regex.Match(_text, $"```{language}\n(?<text>.*?)```", RegexOptions.Singleline).Groups["text"].Value;

    [GeneratedRegex("^## [0-9]\\. ", RegexOptions.Multiline)]
    private static partial Regex StepHeading();

    [GeneratedRegex("```bash\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex BashBlock();

    [GeneratedRegex("```diff (?<file>\\S+)\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex DiffBlock();
}
