using AkkaScale.Cluster;
using AkkaScale.Cluster.Options;

namespace AkkaScale.Tests.Cluster.Processes;

/// <summary>A process that ends as a member that may not go on does; with something in it that hangs, if that is wanted.</summary>
internal static class ExitProgram
{
    public static void Run(bool hangs)
    {
        using var never = new ManualResetEventSlim();
        if (hangs)
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => never.Wait();
        }

        ProcessExit.Begin(NodeEnd.Dead);
        never.Wait();
    }
}
