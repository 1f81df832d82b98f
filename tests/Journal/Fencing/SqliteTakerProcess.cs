using System.Diagnostics;
using System.Globalization;

namespace AkkaScale.Tests.Journal.Fencing;

/// <summary>This side of <see cref="SqliteTaker"/>.</summary>
internal sealed class SqliteTakerProcess : ILeaseTaker, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    public SqliteTakerProcess(string path) => _process = Process.Start(new ProcessStartInfo(DotnetPath())
    {
        ArgumentList = { typeof(SqliteTakerProcess).Assembly.Location, "sqlite-taker", path },
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    public Task<long> TakeAsync(string lease, string owner) => AskAsync($"take {lease} {owner}");

    public Task<long> TakeAndCountAsync(string lease, string owner, long oldEpoch) => AskAsync($"takeandcount {lease} {owner} {oldEpoch}");

    public Task<long> CountAsync(string lease, long epoch) => AskAsync($"count {lease} {epoch}");

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private async Task<long> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        var answer = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        return long.Parse(answer ?? throw new InvalidOperationException("The other process has ended."), CultureInfo.InvariantCulture);
    }

    private static string DotnetPath() => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
}
