using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace AkkaScale.Pbm.Invocation;

/// <summary>The usual help, followed by exit codes and the command's example.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private const string ExitCodes = """
        Exit codes:
          0    ok
          1    found something wrong: a violation, a mismatch, a failure, nothing under that id
          2    command line, argument or input file not acceptable
          3    no node or gateway answered
          4    the doctor found something critical
          70   a fault of pbm itself
          130  interrupted; what was done so far has been printed (0 under --watch)

        """;

    private static readonly Dictionary<Command, string> Examples = [];

    public override bool ClearsParseErrors => true;

    /// <returns>Null: it has none.</returns>
    public static string? ExampleOf(Command command) => Examples.GetValueOrDefault(command);

    public static void Register(Command command, string example) => Examples[command] = example;

    public override int Invoke(ParseResult parseResult)
    {
        var result = help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        if (command.Subcommands.Count == 0 || command is RootCommand)
        {
            output.WriteLine(ExitCodes);
        }

        if (Examples.TryGetValue(command, out var example))
        {
            output.WriteLine("Example:");
            output.WriteLine($"  {example}");
            output.WriteLine();
        }

        return result;
    }
}
