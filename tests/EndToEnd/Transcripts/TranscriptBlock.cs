using System.Text.RegularExpressions;

namespace AkkaScale.Tests.EndToEnd.Transcripts;

/// <summary>A command and what it printed.</summary>
internal sealed partial record TranscriptBlock(string Command, IReadOnlyList<string> Output)
{
    /// <summary>Stands for a command that did not end in time.</summary>
    public const string Endless = "(did not end)";

    /// <summary>Without what differs from run to run: times, ids, numbers, which node, which shards; and a line that comes several times only once.</summary>
    public IEnumerable<string> Masked
    {
        get
        {
            var last = "";
            foreach (var line in Output.Select(Mask))
            {
                if (line != last)
                {
                    yield return line;
                }

                last = line;
            }
        }
    }

    /// <summary>The blocks of a document, in order.</summary>
    public static IReadOnlyList<TranscriptBlock> Read(string text)
    {
        var blocks = new List<TranscriptBlock>();
        var isInside = false;
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isInside = !isInside;
            }
            else if (isInside && line.StartsWith("$ ", StringComparison.Ordinal))
            {
                blocks.Add(new TranscriptBlock(line[2..], new List<string>()));
            }
            else if (isInside && blocks.Count > 0)
            {
                ((List<string>)blocks[^1].Output).Add(line);
            }
        }

        return blocks;
    }

    private static string Mask(string line)
    {
        line = Time().Replace(line, "<time>");
        line = Id().Replace(line, "<id>");
        line = Node().Replace(line, "node-N");
        line = Unit().Replace(line, "0 <unit>");
        line = Number().Replace(line, "0");
        line = List().Replace(line, "0");
        return Blanks().Replace(line, " ").Trim();
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?|\d\d:\d\d:\d\d(\.\d+)?")]
    private static partial Regex Time();

    [GeneratedRegex(@"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32,64}|\b[A-Za-z0-9_-]{40,}|\b[utp]-[0-9a-f]{6,}\b")]
    private static partial Regex Id();

    [GeneratedRegex(@"node-\d+(, node-\d+)*")]
    private static partial Regex Node();

    [GeneratedRegex(@"\d+([.,]\d+)* (ms|s|B|KiB|MiB|GiB|bytes)\b")]
    private static partial Regex Unit();

    [GeneratedRegex(@"\d+([.,]\d+)*")]
    private static partial Regex Number();

    [GeneratedRegex(@"0(-0)?(, 0(-0)?)+|0-0")]
    private static partial Regex List();

    [GeneratedRegex(@"\s+|─+")]
    private static partial Regex Blanks();
}
