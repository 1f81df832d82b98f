using System.Globalization;
using AkkaScale.Tests.Verdict;

namespace AkkaScale.Tests.Chaos.Load;

/// <summary>
/// What a task shows, from its events: the id of the command that gave it its title, its status, and how many comments it has. Titles are the ids of
/// their commands, so that the journal's rows tell them without their payload.
/// </summary>
internal sealed class TaskFold : IEntityFold
{
    public static string Value(string title, string status, long comments) => $"{title}|{status}|{comments.ToString(CultureInfo.InvariantCulture)}";

    public string Apply(string value, JournalRow row)
    {
        if (value.Length == 0)
        {
            return row.Type.StartsWith("created", StringComparison.Ordinal) ? Value($"{row.CommandId}", "open", 0) : value;
        }

        var parts = value.Split('|');
        var (title, status, comments) = (parts[0], parts[1], long.Parse(parts[2], CultureInfo.InvariantCulture));
        return row.Type switch
        {
            "renamed" => Value($"{row.CommandId}", status, comments),
            "commented" => Value(title, status, comments + 1),
            "started" => Value(title, "inProgress", comments),
            "completed" => Value(title, "done", comments),
            "reopened" => Value(title, "open", comments),
            _ => value,
        };
    }
}
