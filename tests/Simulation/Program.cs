namespace AkkaScale.Tests.Simulation;

/// <summary>The simulation as a program: many seeds, or one of them as a conversation.</summary>
internal static class Program
{
    public static int Main(string[] arguments) => Cluster.ClusterCommand.Create().Parse(arguments).Invoke();
}
