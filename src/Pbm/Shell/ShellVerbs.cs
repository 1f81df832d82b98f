using System.CommandLine;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Shell;

/// <summary>What pbm tells of itself: its commands, and completion for shells.</summary>
internal static class ShellVerbs
{
    private static readonly Argument<string> Shell = new("shell") { Description = "bash, zsh or fish" };
    private static readonly Argument<string> Line = new("line") { Description = "What has been typed, up to the cursor." };

    public static IEnumerable<Command> Create(RootCommand root, GlobalOptions global)
    {
        Shell.AcceptOnlyFromAmong([.. CompletionScripts.Shells]);
        var completion = new Command("completion", "Prints what makes a shell complete pbm's words: source <(pbm completion bash).") { Shell };
        HelpWithExamples.Register(completion, "source <(pbm completion bash)");
        completion.SetAction(parsed => Console.Out.WriteLine(CompletionScripts.Of(parsed.GetRequiredValue(Shell))));

        var complete = new Command("complete", "Prints what may stand in place of the last word of a line, one a line.") { Line };
        complete.Hidden = true;
        complete.SetAction(parsed => PrintCompletions(root, parsed.GetRequiredValue(Line)));

        var commands = new Command("commands", "Every command with what it does.");
        HelpWithExamples.Register(commands, "pbm commands");
        commands.SetAction(parsed => PrintCommands(new Session(parsed, global).Screen, root));
        return [completion, complete, commands];
    }

    /// <summary>The verbs of a command's tree that do something, in order, each with its path.</summary>
    public static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path = "") => command.Subcommands
        .Where(sub => !sub.Hidden)
        .SelectMany(sub => sub.Subcommands.Count == 0 ? [($"{path}{sub.Name}", sub)] : Leaves(sub, $"{path}{sub.Name} "));

    /// <summary>The line begins with the program's name.</summary>
    private static void PrintCompletions(RootCommand root, string line)
    {
        var program = line.IndexOf(' ', StringComparison.Ordinal);
        foreach (var completion in program < 0 ? [] : PromptCompletion.Complete(root, [], line[(program + 1)..].TrimStart()))
        {
            Console.Out.WriteLine(completion);
        }
    }

    private static void PrintCommands(Screen screen, RootCommand root)
    {
        var commands = Leaves(root).Select(leaf => new CommandShape(leaf.Path, leaf.Command.Description ?? "", HelpWithExamples.ExampleOf(leaf.Command))).ToList();
        if (screen.Json)
        {
            screen.WriteJson(commands, ShellJson.Default.ListCommandShape);
            return;
        }

        var table = screen.NewTable("command", "does");
        foreach (var command in commands)
        {
            table.AddRow(screen.Cell(command.Command), screen.Cell(command.Does));
        }

        screen.Write(table);
    }
}
