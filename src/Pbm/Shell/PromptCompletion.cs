using System.CommandLine;
using RadLine;

namespace AkkaScale.Pbm.Shell;

/// <summary>Completes what stands before the cursor, by what the commands themselves know.</summary>
internal sealed class PromptCompletion(RootCommand root, Func<IReadOnlyList<string>> before) : ITextCompletion
{
    /// <summary>The editor's word ends at punctuation, a word of the command line at a blank: so a completion is cut to what the editor replaces.</summary>
    public IEnumerable<string>? GetCompletions(string prefix, string word, string suffix)
    {
        var line = prefix + word;
        var start = line.LastIndexOf(' ') + 1;
        var already = line.Length - start - word.Length;
        return already < 0 ? null : Complete(root, before(), line).Where(completion => completion.Length > already).Select(completion => completion[already..]);
    }

    /// <summary>What may stand in place of the last word of a line.</summary>
    /// <param name="before">Words that stand in front of the line.</param>
    public static IReadOnlyList<string> Complete(RootCommand root, IReadOnlyList<string> before, string line)
    {
        var start = line.LastIndexOf(' ') + 1;
        string[] words = [.. before, .. System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(line[..start]), line[start..]];
        return
        [
            .. root.Parse(words).GetCompletions().Select(completion => completion.Label)
                .Where(label => label.StartsWith(line[start..], StringComparison.Ordinal) && (start < line.Length || label[0] is not ('-' or '/')))
                .Distinct().Order(StringComparer.Ordinal),
        ];
    }
}
