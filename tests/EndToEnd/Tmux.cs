using System.Diagnostics;
using AkkaScale.TestKit;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>A real terminal of 100 columns and 30 lines, with keys pressed and the screen read by tmux.</summary>
internal sealed class Tmux : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan BeforeAnotherPress = TimeSpan.FromSeconds(4);

    private readonly string _socket = $"akkascale-test-{Environment.ProcessId}-{Guid.NewGuid():N}";

    /// <param name="command">For the shell of the terminal.</param>
    public static async Task<Tmux> StartAsync(string command)
    {
        var tmux = new Tmux();
        await tmux.RunAsync("-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "30", "-s", "test", command);
        return tmux;
    }

    /// <summary>Keys by the names that tmux knows, or text.</summary>
    public Task PressAsync(params string[] keys) => RunAsync(["send-keys", "-t", "test", "--", .. keys]);

    /// <summary>What the terminal shows, line by line, without trailing blanks.</summary>
    public async Task<IReadOnlyList<string>> ScreenAsync() =>
        [.. (await RunAsync("capture-pane", "-p", "-t", "test")).Split('\n').Select(line => line.TrimEnd())];

    /// <summary>Waits until the screen is as it should be.</summary>
    public Task SeesAsync(string what, Func<IReadOnlyList<string>, bool> isSo) => Eventually.Holds(what, Bound, async () =>
    {
        var screen = await ScreenAsync();
        return isSo(screen) ? null : $"\n{string.Join('\n', screen).TrimEnd()}";
    });

    /// <summary>The last line with anything on it.</summary>
    public Task SeesLastAsync(string line) => SeesAsync($"the last line is \"{line}\"", screen => screen.LastOrDefault(shown => shown.Length > 0) == line);

    /// <summary>Presses a key, and again every few seconds, until the last line is as it should be.</summary>
    public Task PressUntilLastAsync(string key, string line)
    {
        long? pressed = null;
        return Eventually.Holds($"the last line is \"{line}\"", Bound, async () =>
        {
            var screen = await ScreenAsync();
            if (screen.LastOrDefault(shown => shown.Length > 0) == line)
            {
                return null;
            }

            if (pressed is null || Stopwatch.GetElapsedTime(pressed.Value) > BeforeAnotherPress)
            {
                pressed = Stopwatch.GetTimestamp();
                await PressAsync(key);
            }

            return $"\n{string.Join('\n', screen).TrimEnd()}";
        });
    }

    public async ValueTask DisposeAsync() => await RunAsync("kill-server");

    private async Task<string> RunAsync(params string[] arguments)
    {
        using var tmux = Process.Start(new ProcessStartInfo("tmux", ["-L", _socket, "-u", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await tmux.StandardOutput.ReadToEndAsync().WaitAsync(Bound);
        await tmux.WaitForExitAsync().WaitAsync(Bound);
        return output;
    }
}
