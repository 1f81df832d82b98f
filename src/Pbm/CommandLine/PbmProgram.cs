using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Shell;
using AkkaScale.Pbm.Terminal;

namespace AkkaScale.Pbm.CommandLine;

/// <summary>Parses, runs, and turns whatever ends a command into one of the documented exit codes.</summary>
internal static class PbmProgram
{
    /// <summary>Without a command and on a terminal: the prompt.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var global = new GlobalOptions();
        var root = CreateRoot(global);
        var parsed = root.Parse(AddressFirst.ToOption(arguments));
        if (parsed.CommandResult.Command == root && parsed.Action is ParseErrorAction && parsed.UnmatchedTokens.Count == 0 && Prompt.IsPossible)
        {
            return await new Prompt(root, global, parsed).RunAsync().ConfigureAwait(false);
        }

        return await RunAsync(parsed).ConfigureAwait(false);
    }

    /// <summary>Runs one command, whatever becomes of it.</summary>
    public static async Task<int> RunAsync(ParseResult parsed)
    {
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
            {
                Screen.Complain(error.Message);
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

    private static RootCommand CreateRoot(GlobalOptions global)
    {
        var root = new RootCommand(
            "Inspects and steers an AkkaScale cluster and puts load on it. Without a command it opens a prompt. `pbm host:port …` is short for --node.")
        {
            HelpName = "pbm",
        };
        HelpWithExamples.Register(root, "pbm cluster show");
        global.AddTo(root);
        root.Add(ClusterVerbs.Create(global));
        root.Add(ShardingVerbs.Create(global));
        root.Add(NodeVerbs.Create(global));
        root.Add(ShardVerbs.Create(global));
        root.Add(EntityVerbs.CreateWhere(global));
        root.Add(EntityVerbs.Create(global));
        root.Add(JournalVerbs.Create(global));
        root.Add(AuditVerbs.Create(global));
        root.Add(TokenVerbs.Create(global));
        root.Add(DoctorVerb.Create(global));
        root.Add(DrillVerbs.Create(global));
        root.Add(BackupVerbs.CreateBackup(global));
        root.Add(BackupVerbs.CreateRestore(global));
        root.Add(LoadVerb.Create(global));
        root.Add(TraceVerbs.Create(global));
        foreach (var verb in ShellVerbs.Create(root, global))
        {
            root.Add(verb);
        }

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
