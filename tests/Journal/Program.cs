namespace AkkaScale.Tests.Journal;

/// <summary>The test assembly as the other process; a test starts it and talks to it by lines.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["sqlite-taker", var path]:
                await Fencing.SqliteTaker.RunAsync(path);
                return 0;
            default:
                await Console.Error.WriteLineAsync("This is a test assembly: run it with dotnet test.");
                return 2;
        }
    }
}
