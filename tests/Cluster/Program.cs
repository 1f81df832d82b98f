using AkkaScale.Tests.Cluster.Processes;

namespace AkkaScale.Tests.Cluster;

/// <summary>The test assembly as a node process; a test starts it and talks to it by lines.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["node", var settings]:
                return await NodeProgram.RunAsync(settings);
            case ["exit", var how]:
                Processes.ExitProgram.Run(hangs: how == "hanging");
                return 0;
            case ["sqlite-holder", var file, var incarnation, var what]:
                return await Storage.SqliteHolder.RunAsync(file, incarnation, Enum.Parse<Storage.HeldThing>(what));
            default:
                await Console.Error.WriteLineAsync("This is a test assembly: run it with dotnet test.");
                return 2;
        }
    }
}
