using System.Text.RegularExpressions;

namespace AkkaScale.TestKit.Entities;

/// <summary>What a spec has told so far: the head of every failure's message.</summary>
internal sealed partial class SpecStory(string kind)
{
    private readonly List<string> _lines = [];

    public void Tell(string line) => _lines.Add(line);

    public SpecFailedException Failed(string what, Exception? cause = null)
    {
        var message = $"Entity \"{kind}\":\n{string.Join('\n', _lines.Select(line => $"  {line}"))}\n{what}";
        return cause is null ? new SpecFailedException(message) : new SpecFailedException(message, cause);
    }

    public static string OneLine(object value) => Break().Replace(ObjectText.Of(value), " ");

    [GeneratedRegex(@"\n\s*")]
    private static partial Regex Break();
}
