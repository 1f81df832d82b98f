using System.Collections.Concurrent;
using System.Diagnostics;
using AkkaScale.TestKit.Networks;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.EndToEnd.Compose;

/// <summary>
/// One container without a container engine: the service's process on a host of its own, with a name that it knows itself by, in the service's
/// environment. Ends are answered by the service's restart policy, a stop comes by its signal and grace period.
/// </summary>
internal sealed class Container : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(10);

    private readonly ComposeService _service;
    private readonly IReadOnlyList<string> _command;
    private readonly StreamWriter _log;
    private readonly ConcurrentQueue<int> _exits = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private volatile Process? _process;

    /// <param name="command">The process's, with its arguments.</param>
    public Container(string name, ComposeService service, SpecHost host, IReadOnlyList<string> command)
    {
        (Name, Host, _service) = (name, host, service);
        _command = [.. host.Entering, "unshare", "--uts", "sh", "-c", "hostname \"$0\" && exec \"$@\"", name, .. command];
        Directory.CreateDirectory(Repository.LogDirectory);
        LogPath = Path.Combine(Repository.LogDirectory, $"compose-{Environment.ProcessId}-{name}.log");
        _log = new StreamWriter(LogPath) { AutoFlush = true };
        _running = Task.Run(RunAsync);
    }

    public string Name { get; }

    public SpecHost Host { get; }

    public string LogPath { get; }

    public string Log
    {
        get
        {
            using var file = new StreamReader(new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return file.ReadToEnd();
        }
    }

    /// <summary>Exit codes of the starts that have ended, in order.</summary>
    public IReadOnlyList<int> Exits => [.. _exits];

    public Uri Management => new($"http://{Host.Address}:8558");

    public async Task<bool> IsReadyAsync()
    {
        using var management = new ManagementClient(Management);
        return await management.IsReadyAsync();
    }

    /// <summary>As "docker-compose stop".</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        await _stopping.CancelAsync();
        await SignalAsync(_service.StopSignal);
        if (await Task.WhenAny(_running, Task.Delay(_service.StopGracePeriod)) != _running)
        {
            _process?.Kill(entireProcessTree: true);
            await _running.WaitAsync(EndBound);
        }

        return _exits.Last();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _process?.Kill(entireProcessTree: true);
        await _running.WaitAsync(EndBound);
        await _log.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        for (var pause = FirstPause; !_stopping.IsCancellationRequested; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            using var process = Start();
            _process = process;
            await process.WaitForExitAsync();
            _process = null;
            _exits.Enqueue(process.ExitCode);
            Write($"# ended with {process.ExitCode}");
            if (!_service.Restarts)
            {
                return;
            }

            await Task.Delay(pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(_command[0], _command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var (name, value) in _service.Environment)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task SignalAsync(string signal)
    {
        if (_process is { } process)
        {
            await ProgramRun.ExecuteAsync("kill", ["-s", signal["SIG".Length..], $"{process.Id}"], EndBound);
        }
    }

    private void Write(string? line)
    {
        if (line is not null)
        {
            lock (_log)
            {
                _log.WriteLine(line);
            }
        }
    }
}
