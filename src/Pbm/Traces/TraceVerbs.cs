using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Terminal;

namespace AkkaScale.Pbm.Traces;

/// <summary>`pbm trace …`</summary>
internal static class TraceVerbs
{
    private static readonly Argument<string> File = new("file") { Description = "Where to write; compressed if the name ends in .gz." };
    private static readonly Option<int> Seed = NumberOption.Create("--seed", 1, 0, int.MaxValue, "The same seed and numbers give the same trace.");
    private static readonly Option<int> Actions = NumberOption.Create("--actions", 10_000, 1, 100_000_000, "Lines to write.");
    private static readonly Option<int> Tasks = NumberOption.Create("--tasks", 1_500, 1, 10_000_000, "Tasks at most.");
    private static readonly Option<int> Projects = NumberOption.Create("--projects", 200, 1, 1_000_000, "Projects at most.");
    private static readonly Option<int> Users = NumberOption.Create("--users", 75, 1, 1_000_000, "Users at most.");

    public static Command Create(GlobalOptions global)
    {
        var generate = new Command("generate", "Write a made-up activity trace, skewed and odd like a real one.")
        {
            File, Seed, Actions, Tasks, Projects, Users,
        };
        HelpWithExamples.Register(generate, "pbm trace generate activity.jsonl.gz --seed 7 --actions 20000");
        generate.SetAction(parsed => Generate(parsed, global));
        return new Command("trace", "Activity traces.") { generate };
    }

    private static int Generate(ParseResult parsed, GlobalOptions global)
    {
        var options = new GeneratorOptions(parsed.GetValue(Seed), parsed.GetValue(Actions), parsed.GetValue(Tasks),
            parsed.GetValue(Projects), parsed.GetValue(Users));
        var file = parsed.GetRequiredValue(File);
        int written;
        try
        {
            written = TraceWriter.WriteFile(file, new TraceGenerator(options).Generate());
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"cannot write {file}: {problem.Message}");
        }

        var screen = new Screen(parsed.GetValue(global.Json), parsed.GetValue(global.NoColor));
        if (screen.Json)
        {
            screen.WriteJson(new GeneratedTrace(file, written, options.Seed), GeneratedTraceJson.Default.GeneratedTrace);
        }
        else
        {
            screen.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(written, "action")} written to {file}"));
        }

        return ExitCode.Ok;
    }
}

internal sealed record GeneratedTrace(string File, int Actions, int Seed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(GeneratedTrace))]
internal sealed partial class GeneratedTraceJson : JsonSerializerContext;
