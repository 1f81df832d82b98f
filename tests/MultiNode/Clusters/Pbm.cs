using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.MultiNode.Clusters;

/// <summary>The command line, asked as an operator asks it.</summary>
internal static class Pbm
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    /// <summary>Asks a node that the arguments do not name, if there is one: what is done to a node should not end who is asked.</summary>
    public static Task<ProgramRun> RunAsync(ClusterFixture cluster, params IReadOnlyCollection<string> arguments)
    {
        var asked = cluster.Running.FirstOrDefault(node => !arguments.Contains(node.Name)) ?? cluster.Running.First();
        return ProgramRun.ExecuteAsync("dotnet", [Repository.PbmProgram, .. arguments, "--node", asked.Management.Authority], Bound);
    }
}
