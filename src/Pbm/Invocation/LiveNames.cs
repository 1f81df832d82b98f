using System.CommandLine;
using System.CommandLine.Completions;
using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.Invocation;

/// <summary>Names that the cluster knows, for completion. A cluster that is slow or not there completes nothing.</summary>
internal static class LiveNames
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    public static void CompleteNodes(Argument<string> argument, GlobalOptions global)
    {
        argument.CompletionSources.Clear();
        argument.CompletionSources.Add(context => Nodes(context, global));
    }

    private static IEnumerable<CompletionItem> Nodes(CompletionContext context, GlobalOptions global) =>
        Ask(context, global, client => client.GetAsync("/cluster/members", ManagementJson.Default.ClusterMembers, default))
            ?.Members.Select(member => new CompletionItem(member.Name)) ?? [];

    public static IEnumerable<CompletionItem> Kinds(CompletionContext context, GlobalOptions global) =>
        Ask(context, global, client => client.GetAsync("/cluster/shards", ManagementJson.Default.ShardMap, default))
            ?.EntityTypeKeys.Select(kind => new CompletionItem(kind)) ?? [];

    private static T? Ask<T>(CompletionContext context, GlobalOptions global, Func<ManagementClient, Task<T>> ask)
        where T : class
    {
        try
        {
            var parsed = context.ParseResult;
            using var client = new ManagementClient(
                NodeAddress.Candidates(parsed.GetValue(global.Node)), Patience, AccessToken.Read(parsed.GetValue(global.TokenFile)));
            var asking = ask(client);
            return asking.Wait(Patience) ? asking.Result : null;
        }
        catch (Exception)
        {
            // Whatever it is, it comes again, with words, when the command is run.
            return null;
        }
    }
}
