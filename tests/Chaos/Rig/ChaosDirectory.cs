using AkkaScale.TestKit;

namespace AkkaScale.Tests.Chaos.Rig;

/// <summary>Where a run keeps databases and stores; removed with all that is mounted there, also what a run left behind that was killed.</summary>
internal sealed class ChaosDirectory : IAsyncDisposable
{
    private const string Prefix = "akkascale-chaos-";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);
    private static int _made;

    private ChaosDirectory(string path) => Path = path;

    public string Path { get; }

    public static async Task<ChaosDirectory> CreateAsync()
    {
        var root = System.IO.Path.GetTempPath();
        foreach (var stray in Directory.GetDirectories(root, Prefix + "*"))
        {
            var owner = System.IO.Path.GetFileName(stray)[Prefix.Length..].Split('-')[0];
            if (!Directory.Exists($"/proc/{owner}"))
            {
                await RemoveAsync(stray);
            }
        }

        var path = System.IO.Path.Combine(root, $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref _made)}");
        Directory.CreateDirectory(path);
        return new ChaosDirectory(path);
    }

    public async ValueTask DisposeAsync() => await RemoveAsync(Path);

    private static async Task RemoveAsync(string path)
    {
        foreach (var line in (await File.ReadAllLinesAsync("/proc/mounts")).Where(line => line.Split(' ')[1].StartsWith(path + "/", StringComparison.Ordinal)))
        {
            await HostCommand.RunAsync(Bound, "umount", "-l", line.Split(' ')[1]);
        }

        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
            // What a dying server still writes is left to the next run.
        }
    }
}
