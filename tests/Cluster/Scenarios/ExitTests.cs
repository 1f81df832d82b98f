using System.Diagnostics;

namespace AkkaScale.Tests.Cluster.Scenarios;

/// <summary>A process that may not go on ends, with its own code if it can, and in any case.</summary>
public sealed class ExitTests
{
    private const int Killed = 137;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("plain", 82)]
    [InlineData("hanging", Killed)]
    public async Task Who_may_not_go_on_exits_and_is_killed_by_itself_if_the_exit_hangs(string how, int code)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(ExitTests).Assembly.Location, "exit", how]))!;
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
            Assert.Equal(code, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
