using System.Globalization;
using System.Text.Json;

namespace AkkaScale.Pbm.Cluster;

/// <summary>
/// Makes lines of events. Homes of shards change by the hundred when a node joins: those of one second are one line with their sum, unless they are few
/// or every one is wanted. Pure: the time comes with each call.
/// </summary>
internal sealed class TailLines(bool isVerbose)
{
    private const string Moved = "ShardHomeChanged";
    private const int Few = 3;
    private static readonly TimeSpan Gathered = TimeSpan.FromSeconds(1);
    private static readonly string[] Shown = ["type", "at"];

    private readonly List<(string Line, string At, string From, string To)> _moves = [];
    private DateTimeOffset _due;

    /// <summary>When lines must be asked for again; null: when there is an event.</summary>
    public DateTimeOffset? Due => _moves.Count > 0 ? _due : null;

    public IReadOnlyList<string> Add(string type, JsonElement data, DateTimeOffset now)
    {
        var at = data.TryGetProperty("at", out var time) && time.TryGetDateTimeOffset(out var instant)
            ? instant.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture) : "";
        var line = $"{at}  {type}  {Describe(data)}";
        if (isVerbose || type != Moved)
        {
            // What was gathered happened before it.
            return [.. Flush(), line];
        }

        if (_moves.Count == 0)
        {
            _due = now + Gathered;
        }

        _moves.Add((line, at, Text(data, "from"), Text(data, "to")));
        return now >= _due ? Flush() : [];
    }

    /// <summary>What has been gathered.</summary>
    public IReadOnlyList<string> Flush()
    {
        string[] lines = _moves.Count <= Few
            ? [.. _moves.Select(move => move.Line)]
            :
            [
                $"{_moves[^1].At}  {Moved}  {_moves.Count.ToString(CultureInfo.InvariantCulture)} shards: " + string.Join(", ", _moves
                    .GroupBy(move => (move.From, move.To)).OrderByDescending(way => way.Count())
                    .ThenBy(way => way.Key.From, StringComparer.Ordinal).ThenBy(way => way.Key.To, StringComparer.Ordinal)
                    .Select(way => $"{(way.Key.From.Length == 0 ? "none" : way.Key.From)} -> {way.Key.To} {way.Count().ToString(CultureInfo.InvariantCulture)}")),
            ];
        _moves.Clear();
        return lines;
    }

    private static string Describe(JsonElement element) => element.ValueKind != JsonValueKind.Object ? "" : string.Join(
        "  ", element.EnumerateObject().Where(member => !Shown.Contains(member.Name)).Select(member => member.Value.ValueKind switch
        {
            JsonValueKind.Object when member.Value.TryGetProperty("name", out var name) => $"{name} {Text(member.Value, "status")}".TrimEnd(),
            JsonValueKind.Object when member.Value.TryGetProperty("outcome", out var outcome) => Call(member.Value, outcome.ToString()),
            JsonValueKind.Array => $"{member.Name} {member.Value.GetArrayLength()}",
            JsonValueKind.Null => $"{member.Name} none",
            _ => $"{member.Name} {member.Value}",
        }));

    /// <summary>A row of the audit log, as `pbm audit` has it.</summary>
    private static string Call(JsonElement entry, string outcome)
    {
        var (by, action, why) = (Text(entry, "by"), Text(entry, "action"), Text(entry, "why"));
        var call = action.Length == 0 ? Text(entry, "path") : $"{action} {Text(entry, "target")}".TrimEnd();
        return $"{Text(entry, "who")}{(by.Length == 0 ? "" : $" (by {by})")}: {Text(entry, "method")} {call}, {outcome} {Text(entry, "status")}".TrimEnd()
            + (why.Length == 0 ? "" : $": {why}");
    }

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.ToString() : "";
}
