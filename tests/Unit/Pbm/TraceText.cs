using System.Text;
using AkkaScale.Pbm.Traces;

namespace AkkaScale.Tests.Unit.Pbm;

/// <summary>Short traces written as `user project task action [title]`, one action a line.</summary>
internal static class TraceText
{
    public static List<TraceAction> Parse(string text)
    {
        var actions = new List<TraceAction>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = line.Split(' ', 5);
            actions.Add(new TraceAction(actions.Count + 1, 1_700_000_000 + actions.Count, words[0], words[1], words[2],
                Enum.Parse<TraceActionKind>(words[3], ignoreCase: true), words.Length > 4 ? words[4] : null));
        }

        return actions;
    }

    public static IEnumerable<TraceAction> ParseJson(string text) =>
        [.. TraceReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)))];
}
