using AkkaScale.TestKit.Networks;

namespace AkkaScale.Tests.Chaos.Rig;

/// <summary>
/// What is wrong between hosts now, each direction by itself. Several faults may concern one direction: it heals when the last of them is taken back.
/// </summary>
internal sealed class Wires(SpecNetwork network) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<(SpecHost From, SpecHost To), int> _cuts = [];

    /// <summary>Nothing that <paramref name="from"/> sends reaches <paramref name="to"/>.</summary>
    public async Task CutAsync(SpecHost from, SpecHost to)
    {
        await _gate.WaitAsync();
        try
        {
            var cuts = _cuts.GetValueOrDefault((from, to));
            if (cuts == 0)
            {
                await network.CutOneWayAsync(from, to);
            }

            _cuts[(from, to)] = cuts + 1;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task HealAsync(SpecHost from, SpecHost to)
    {
        await _gate.WaitAsync();
        try
        {
            var cuts = _cuts.GetValueOrDefault((from, to));
            if (cuts > 0 && (_cuts[(from, to)] = cuts - 1) == 0)
            {
                await network.HealOneWayAsync(from, to);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task CutBothAsync(SpecHost one, SpecHost other)
    {
        await CutAsync(one, other);
        await CutAsync(other, one);
    }

    public async Task HealBothAsync(SpecHost one, SpecHost other)
    {
        await HealAsync(one, other);
        await HealAsync(other, one);
    }

    public async Task HealAllAsync()
    {
        foreach (var (from, to) in _cuts.Keys.ToArray())
        {
            while (_cuts[(from, to)] > 0)
            {
                await HealAsync(from, to);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _gate.Dispose();
        return ValueTask.CompletedTask;
    }
}
