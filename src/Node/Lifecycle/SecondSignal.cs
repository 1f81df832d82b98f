using System.Runtime.InteropServices;
using AkkaScale.Node.Host;
using Microsoft.Extensions.Hosting;

namespace AkkaScale.Node.Lifecycle;

/// <summary>A second signal to stop ends the process at once: whoever sends it waits no longer. The first is the host's, which stops in order.</summary>
internal sealed class SecondSignal(NodeSystem node, NodeExit exit, TimeProvider time) : IHostedService, IDisposable
{
    /// <summary>What comes sooner is the same order again: a supervisor tells the whole process group, and a script in it passes it on.</summary>
    private static readonly TimeSpan SameOrder = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private PosixSignalRegistration[] _signals = [];
    private long? _firstAt;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _signals = [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT }
            .Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }
    }

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        lock (_lock)
        {
            _firstAt ??= time.GetTimestamp();
            if (time.GetElapsedTime(_firstAt.Value) < SameOrder)
            {
                return;
            }
        }

        var remains = node.Created is { } system ? LeavingRemains.Of(system) : null;
        exit.End(remains is null ? ExitCodes.Ok : ExitCodes.NotHandedOver, $"a second signal to stop; {remains ?? "it has left the cluster"}");
    }
}
