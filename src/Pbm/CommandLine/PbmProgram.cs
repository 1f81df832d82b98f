using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;

namespace AkkaScale.Pbm.CommandLine;

/// <summary>Parses, runs, and turns whatever ends a command into one of the documented exit codes.</summary>
internal static class PbmProgram
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var parsed = CreateRoot().Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
            {
                Screen.Complain(error.Message);
            }

            Screen.Complain("see --help");
            return ExitCode.Usage;
        }

        using var interrupted = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => OnSignal(context, interrupted));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => OnSignal(context, interrupted));
        try
        {
            // Signals are handled here: the library would end the process after two seconds, report or not.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, interrupted.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            Screen.Complain("interrupted");
            return ExitCode.Interrupted;
        }
        catch (Exception problem)
        {
            return Explain(problem);
        }
    }

    /// <summary>The first signal asks for an end with a report; the second is not caught and ends the process.</summary>
    private static void OnSignal(PosixSignalContext context, CancellationTokenSource interrupted)
    {
        context.Cancel = !interrupted.IsCancellationRequested;
        interrupted.Cancel();
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

    private static RootCommand CreateRoot()
    {
        var global = new GlobalOptions();
        var root = new RootCommand("Inspects and steers an AkkaScale cluster and puts load on it.") { HelpName = "pbm" };
        HelpWithExamples.Register(root, "pbm cluster show");
        global.AddTo(root);
        root.Add(ClusterVerbs.Create(global));
        root.Add(NodeVerbs.Create(global));
        root.Add(ShardVerbs.Create(global));
        root.Add(EntityVerbs.CreateWhere(global));
        root.Add(EntityVerbs.Create(global));
        root.Add(JournalVerbs.Create(global));
        root.Add(DoctorVerb.Create(global));
        root.Add(DrillVerbs.Create(global));
        root.Add(LoadVerb.Create(global));
        root.Add(TraceVerbs.Create(global));
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
