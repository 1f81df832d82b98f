using System.Diagnostics;
using System.Text;

namespace AkkaScale.TestKit.Processes;

/// <summary>
/// One real node: an operating system process of the node program. Ended at dispose, by its process id.
/// </summary>
public sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ProbeBound = TimeSpan.FromSeconds(10);
    private static int _started;

    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly StreamWriter _logFile;
    private volatile bool _isDisposed;

    private NodeProcess(NodeProcessSettings settings, string logPath)
    {
        Settings = settings;
        LogPath = logPath;
        _logFile = new StreamWriter(logPath) { AutoFlush = true };
        string[] command = [.. settings.Host?.Entering ?? [], settings.Program.Executable, .. settings.Program.Arguments, .. settings.CommandLine];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = settings.Program.Directory,
        };

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Write(line.Data);
        _process.ErrorDataReceived += (_, line) => Write(line.Data);
    }

    public NodeProcessSettings Settings { get; }

    public string Name => Settings.Name;

    public int Id => _process.Id;

    public string LogPath { get; }

    public Uri Gateway => new($"http://{Settings.Address}:{Settings.GatewayPort}");

    public Uri Management => new($"http://{Settings.Address}:{Settings.ManagementPort}");

    public bool HasExited => _isDisposed || _process.HasExited;

    /// <summary>Everything the process has written so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    public static NodeProcess Start(NodeProcessSettings settings)
    {
        Directory.CreateDirectory(settings.LogDirectory);
        var number = Interlocked.Increment(ref _started);
        var log = Path.Combine(settings.LogDirectory, $"{Environment.ProcessId}-{number:000}-{settings.Name}.log");
        var node = new NodeProcess(settings, log);
        node.Write($"# {string.Join(' ', settings.CommandLine)}");
        node._process.Start();
        node._process.BeginOutputReadLine();
        node._process.BeginErrorReadLine();
        node._process.StandardInput.Close();
        return node;
    }

    /// <summary>Waits until /ready is 200. Fails at once, with the log, when the process ends instead.</summary>
    public async Task WaitUntilReady(TimeSpan within)
    {
        using var management = new HttpClient { BaseAddress = Management, Timeout = ProbeBound };
        await Eventually.Holds($"{Name} is ready (log: {LogPath})", within, async () =>
        {
            await FailIfEndedAsync("it was ready");
            using var answer = await management.GetAsync("/ready");
            return answer.IsSuccessStatusCode ? null : $"/ready answers {(int)answer.StatusCode}";
        });
    }

    /// <summary>Fails with the exit code and the log when the process has ended.</summary>
    /// <param name="before">What it should have lived to see.</param>
    public async Task FailIfEndedAsync(string before)
    {
        if (HasExited)
        {
            await _process.WaitForExitAsync();
            throw new SpecFailedException($"{Name} ended with exit code {_process.ExitCode} before {before}:\n{Tail(lines: 100)}");
        }
    }

    /// <summary>SIGKILL: what a crash looks like.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync(EndBound);
    }

    /// <summary>SIGTERM: asks for a graceful stop.</summary>
    public void Terminate() => UnixProcess.Signal(_process, UnixProcess.Terminate);

    /// <summary>SIGSTOP: a process that is alive and does nothing, as in a long pause of its machine.</summary>
    public void Pause() => UnixProcess.Signal(_process, UnixProcess.Stop);

    /// <summary>SIGCONT.</summary>
    public void Resume() => UnixProcess.Signal(_process, UnixProcess.Continue);

    /// <summary>The exit code. Fails with the log when the process has not ended in time.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan within)
    {
        using var bound = new CancellationTokenSource(within);
        try
        {
            await _process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            throw new SpecFailedException($"{Name} did not end within {within.TotalSeconds:0.#} s (log: {LogPath}):\n{Tail()}");
        }

        return _process.ExitCode;
    }

    /// <summary>The last lines of the log, for a failure's message.</summary>
    public string Tail(int lines = 25) =>
        string.Join('\n', Log.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(lines));

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        if (!_process.HasExited)
        {
            _process.Kill(); // a test that cares how a node stops asks for it; here the machine is cleaned up
            await WaitForExitAsync(EndBound);
        }

        _isDisposed = true;
        _process.Dispose();
        lock (_log)
        {
            _logFile.Dispose();
        }
    }

    private void Write(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.Append(line).Append('\n');
            if (_logFile.BaseStream is not null)
            {
                _logFile.WriteLine(line);
            }
        }
    }
}
