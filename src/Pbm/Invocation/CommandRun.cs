using System.CommandLine;
using System.CommandLine.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;

namespace AkkaScale.Pbm.Invocation;

/// <summary>Runs one command and turns whatever ends it into one of the documented exit codes.</summary>
internal static class CommandRun
{
    public static async Task<int> RunAsync(ParseResult parsed)
    {
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
            {
                Screen.Complain(error.Message);
            }

            if (Suggestions.For(parsed) is { Count: > 0 } meant)
            {
                Screen.Complain($"did you mean {string.Join(", or ", meant)}?");
            }

            Screen.Complain("see --help");
            return ExitCode.Usage;
        }

        using var interruption = new Interruption();
        try
        {
            return await Watching.InvokeAsync(parsed, Explain, interruption.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            Screen.Complain("interrupted");
            return ExitCode.Interrupted;
        }
        catch (Exception problem)
        {
            return Explain(problem);
        }
    }

    private static int Explain(Exception problem)
    {
        switch (problem)
        {
            case UsageException or NodeRefusedException:
                Screen.Complain(problem.Message);
                return ExitCode.Usage;
            case NodeUnreachableException:
                Screen.Complain(problem.Message);
                return ExitCode.Unreachable;
            default:
                Screen.Complain($"a fault of pbm: {problem}");
                return ExitCode.Fault;
        }
    }
}
