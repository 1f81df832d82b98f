using AkkaScale.TestKit.Processes;

namespace AkkaScale.Tests.Support;

/// <summary>The command line, asked as an operator asks it.</summary>
public static class Pbm
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    /// <summary>Asks a node that the arguments do not name, if there is one: what is done to a node should not end who is asked.</summary>
    public static Task<ProgramRun> RunAsync(ClusterFixture cluster, params IReadOnlyCollection<string> arguments) =>
        RunAsync(cluster, Bound, arguments);

    /// <inheritdoc cref="RunAsync(ClusterFixture,IReadOnlyCollection{string})"/>
    public static async Task<ProgramRun> RunAsync(ClusterFixture cluster, TimeSpan within, params IReadOnlyCollection<string> arguments)
    {
        var asked = cluster.Running.FirstOrDefault(node => !arguments.Contains(node.Name)) ?? cluster.Running.First();
        var token = Path.GetTempFileName();
        try
        {
            // On loopback nobody is asked for one.
            await File.WriteAllTextAsync(token, NodeProcessSettings.ManagementToken);
            string[] access = asked.Settings.Host is null ? [] : ["--token-file", token];
            return await ProgramRun.ExecuteAsync("dotnet", [Repository.PbmProgram, .. arguments, "--node", asked.Management.Authority, .. access], within);
        }
        finally
        {
            File.Delete(token);
        }
    }
}
