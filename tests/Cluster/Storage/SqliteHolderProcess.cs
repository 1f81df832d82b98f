using System.Diagnostics;
using AkkaScale.Tests.Cluster.Processes;

namespace AkkaScale.Tests.Cluster.Storage;

/// <summary>This side of <see cref="SqliteHolder"/>.</summary>
internal sealed class SqliteHolderProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private bool _isDisposed;

    private SqliteHolderProcess(Process process, string incarnation) => (_process, Incarnation, Id) = (process, incarnation, process.Id);

    public string Incarnation { get; }

    public int Id { get; }

    public bool HasEnded => _isDisposed || _process.HasExited;

    /// <summary>Returns when it holds it.</summary>
    public static async Task<SqliteHolderProcess> StartAsync(string file, HeldThing what)
    {
        var incarnation = Guid.CreateVersion7().ToString("N");
        var start = new ProcessStartInfo(DotnetPath())
        {
            ArgumentList = { typeof(SqliteHolderProcess).Assembly.Location, "sqlite-holder", file, incarnation, what.ToString() },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var holder = new SqliteHolderProcess(Process.Start(start)!, incarnation);
        try
        {
            Assert.Equal("held", await holder._process.StandardOutput.ReadLineAsync().WaitAsync(Patience));
            return holder;
        }
        catch
        {
            holder.Dispose();
            throw;
        }
    }

    public void Stop() => ProcessSignal.Send(Id, ProcessSignal.Stop);

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }
    }

    private static string DotnetPath() => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
}
