using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using AkkaScale.Pbm.Audit;
using AkkaScale.Pbm.Backups;
using AkkaScale.Pbm.Cluster;
using AkkaScale.Pbm.Doctor;
using AkkaScale.Pbm.Drills;
using AkkaScale.Pbm.Entities;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Journal;
using AkkaScale.Pbm.Load.Run;
using AkkaScale.Pbm.Logs;
using AkkaScale.Pbm.Nodes;
using AkkaScale.Pbm.Shards;
using AkkaScale.Pbm.Shell;
using AkkaScale.Pbm.Tls;
using AkkaScale.Pbm.Tokens;
using AkkaScale.Pbm.Traces;

namespace AkkaScale.Pbm;

/// <summary>Every command of pbm, and the prompt.</summary>
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

        return await CommandRun.RunAsync(parsed).ConfigureAwait(false);
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
        root.Add(ShardVerbs.Create(global));
        root.Add(NodeVerbs.Create(global));
        root.Add(EntityVerbs.CreateWhere(global));
        root.Add(EntityVerbs.Create(global));
        root.Add(ListingVerbs.Create(global));
        root.Add(JournalVerbs.Create(global));
        root.Add(BackupVerb.Create(global));
        root.Add(RestoreVerb.Create(global));
        root.Add(LogVerbs.Create(global));
        root.Add(AuditVerbs.Create(global));
        root.Add(TokenVerbs.Create(global));
        root.Add(TlsVerbs.Create(global));
        root.Add(DoctorVerb.Create(global));
        root.Add(DrillVerbs.Create(global));
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
