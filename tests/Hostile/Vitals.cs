using System.Globalization;
using AkkaScale.TestKit.Processes;

namespace AkkaScale.Tests.Hostile;

/// <summary>The resident memory of the nodes, looked at five times a second from now on.</summary>
internal sealed class Vitals : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly IReadOnlyList<NodeProcess> _nodes;
    private readonly long[] _before;
    private readonly long[] _peak;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _looking;

    public Vitals(IReadOnlyList<NodeProcess> nodes)
    {
        _nodes = nodes;
        _before = [.. nodes.Select(MegabytesOf)];
        _peak = [.. _before];
        _looking = LookAsync();
    }

    public async Task<MemoryFigures> FinishAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        return new MemoryFigures(_before, _peak, [.. _nodes.Select(MegabytesOf)]);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
    }

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                for (var node = 0; node < _nodes.Count; node++)
                {
                    _peak[node] = Math.Max(_peak[node], MegabytesOf(_nodes[node]));
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static long MegabytesOf(NodeProcess node)
    {
        var status = File.Exists($"/proc/{node.Id}/status") ? File.ReadAllLines($"/proc/{node.Id}/status") : [];
        var line = status.FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}

/// <summary>Resident megabytes of each node.</summary>
internal sealed record MemoryFigures(long[] Before, long[] Peak, long[] After)
{
    /// <summary>What an attack may make a node take for a while. Generous: the collector gives back late on a busy machine.</summary>
    private const long Bound = 400;

    public bool IsBounded => Before.Zip(Peak, (before, peak) => peak <= before + Bound).All(isWithin => isWithin);

    public override string ToString() =>
        $"{string.Join('/', Before)} MB before, {string.Join('/', Peak)} at most, {string.Join('/', After)} after";
}
