using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using AkkaScale.Tests.Cluster.Hosting;

namespace AkkaScale.Tests.Cluster.Processes;

/// <summary>A node in a process of its own, which can be killed, stopped and told to end.</summary>
internal sealed class NodeProcess : IProbeNode
{
    /// <summary>How much longer than the node itself is waited for: the way there and back, on a busy machine.</summary>
    private static readonly TimeSpan Way = TimeSpan.FromMilliseconds(500);

    private readonly Process _process;
    private readonly LogFile _log;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<NodeReply?>> _waiting = new();
    private readonly TaskCompletionSource<string> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<NodeEnding> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _input = new();
    private int _number;

    private NodeProcess(ProbeNodeSettings settings, LogFile log, Process process)
    {
        (Settings, _log, _process) = (settings, log, process);
        _ = Task.Run(RunAsync);
    }

    public ProbeNodeSettings Settings { get; }

    /// <summary>Completes with its incarnation when its system has started; it may not be a member yet.</summary>
    public Task<string> Started => _started.Task;

    public Task<NodeEnding> Ended => _ended.Task;

    public static NodeProcess Start(ProbeNodeSettings settings, LogFile log)
    {
        var start = new ProcessStartInfo(DotnetPath())
        {
            ArgumentList = { typeof(NodeProcess).Assembly.Location, "node", JsonSerializer.Serialize(settings) },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_gcServer"] = "0";
        return new NodeProcess(settings, log, Process.Start(start)!);
    }

    public Task<Noticed?> NoteAsync(string entity, string commandId, TimeSpan within) =>
        AskAsync<Noticed>(new NodeRequest(0, NodeVerb.Note, Entity: entity, CommandId: commandId, Within: within));

    public Task<Contents?> ReadAsync(string entity, TimeSpan within) =>
        AskAsync<Contents>(new NodeRequest(0, NodeVerb.Read, Entity: entity, Within: within));

    public Task<NodeReport?> ReportAsync(TimeSpan within) => AskAsync<NodeReport>(new NodeRequest(0, NodeVerb.Report, Within: within));

    public Task CutAsync(IProbeNode other, LinkDirection direction) =>
        OrderAsync(new NodeRequest(0, NodeVerb.Cut, Peer: other.Settings.Address, Direction: direction));

    public Task HealAsync(IProbeNode other) => OrderAsync(new NodeRequest(0, NodeVerb.Heal, Peer: other.Settings.Address));

    public Task HangAsync() => OrderAsync(new NodeRequest(0, NodeVerb.Hang));

    public Task LeaveAsync() => OrderAsync(new NodeRequest(0, NodeVerb.Leave) { Within = TimeSpan.FromSeconds(30) });

    /// <summary>SIGKILL.</summary>
    public Task KillAsync()
    {
        ProcessSignal.Send(_process.Id, ProcessSignal.Kill);
        return Ended;
    }

    /// <summary>SIGSTOP: none of its threads runs until it is thawed.</summary>
    public void Freeze() => ProcessSignal.Send(_process.Id, ProcessSignal.Stop);

    public void Thaw() => ProcessSignal.Send(_process.Id, ProcessSignal.Continue);

    /// <summary>SIGTERM.</summary>
    public void Terminate() => ProcessSignal.Send(_process.Id, ProcessSignal.Terminate);

    public IReadOnlyList<string> Tail(int lines) => _log.Tail(lines);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        _log.Dispose();
    }

    private static string DotnetPath() => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    private async Task RunAsync()
    {
        await Task.WhenAll(ReadRepliesAsync(), ReadLogAsync(), _process.WaitForExitAsync());
        _log.Write($"The process ended with {_process.ExitCode}.");
        _ended.TrySetResult(new NodeEnding(_process.ExitCode, string.Join("\n", _log.Tail(3))));
        _started.TrySetException(new InvalidOperationException($"{Settings.Name} ended with {_process.ExitCode} before it had started."));
        _ = _started.Task.Exception;
        foreach (var waiting in _waiting.Values)
        {
            waiting.TrySetResult(null);
        }
    }

    private async Task ReadRepliesAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith(NodeReply.Prefix, StringComparison.Ordinal))
            {
                _log.Write(line);
                continue;
            }

            var reply = JsonSerializer.Deserialize<NodeReply>(line.AsSpan(NodeReply.Prefix.Length))!;
            if (reply.Number == 0)
            {
                _started.TrySetResult(reply.Value!.Value.GetString()!);
            }
            else if (_waiting.TryRemove(reply.Number, out var waiting))
            {
                waiting.TrySetResult(reply);
            }
        }
    }

    private async Task ReadLogAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _log.Write(line);
        }
    }

    private async Task<T?> AskAsync<T>(NodeRequest request)
        where T : class
    {
        var reply = await SendAsync(request);
        return reply?.Value?.Deserialize<T>();
    }

    /// <summary>What it must be able to carry out.</summary>
    private async Task OrderAsync(NodeRequest request)
    {
        var reply = await SendAsync(request with { Within = request.Within == default ? TimeSpan.FromSeconds(10) : request.Within });
        Assert.True(reply is { Error: null }, $"{Settings.Name} did not carry out {request.Verb}: {reply?.Error ?? "no reply"}.");
    }

    private async Task<NodeReply?> SendAsync(NodeRequest request)
    {
        var number = Interlocked.Increment(ref _number);
        var waiting = _waiting[number] = new TaskCompletionSource<NodeReply?>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            if (Ended.IsCompleted || !Write(request with { Number = number }))
            {
                return null;
            }

            return await waiting.Task.WaitAsync(request.Within + Way);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            _waiting.TryRemove(number, out _);
        }
    }

    private bool Write(NodeRequest request)
    {
        try
        {
            lock (_input)
            {
                _process.StandardInput.WriteLine(JsonSerializer.Serialize(request));
                _process.StandardInput.Flush();
                return true;
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            return false;
        }
    }
}
