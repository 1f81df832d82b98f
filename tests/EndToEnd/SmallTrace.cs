using System.Text.Json;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>
/// A trace of the kind that pbm load replays, small, with the oddities of the real one: a create repeated, an action before
/// its task's create, edits and a move after the close, an edit that names another project, several actions in one second.
/// </summary>
internal static class SmallTrace
{
    private const int Users = 5;
    private const int Projects = 7;
    private const int Tasks = 60;
    private const int Actions = 600;

    public static void Write(string path)
    {
        var random = new Random(4711);
        using var writer = new StreamWriter(path);
        var titles = new string?[Tasks];
        for (var number = 0; number < Actions; number++)
        {
            var task = random.Next(Tasks);
            var action = titles[task] is null && random.Next(20) != 0 ? "create"
                : random.Next(12) switch { 0 => "create", 1 => "rename", 2 => "close", _ => "edit" };
            var home = random.Next(15) == 0 ? random.Next(Projects) : task % Projects;
            var title = action switch
            {
                "create" => titles[task] ??= $"file-{task}.cs",
                "rename" => $"file-{task}-{random.Next(3)}.cs",
                _ => null,
            };
            var line = new Dictionary<string, object>
            {
                ["at"] = 1_700_000_000 + (number / 3),
                ["user"] = $"trace-u-{random.Next(Users)}",
                ["project"] = action == "create" ? $"trace-p-{task % Projects}" : $"trace-p-{home}",
                ["task"] = $"trace-t-{task}",
                ["action"] = action,
            };
            if (title is not null)
            {
                line["title"] = title;
            }

            writer.WriteLine(JsonSerializer.Serialize(line));
        }
    }
}
