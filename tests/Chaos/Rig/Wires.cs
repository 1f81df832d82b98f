using AkkaScale.TestKit.Networks;

namespace AkkaScale.Tests.Chaos.Rig;

/// <summary>
/// What is wrong between hosts now, each direction by itself. Several faults may concern one direction: it heals when the last of them is taken back.
/// </summary>
internal sealed class Wires(SpecNetwork network) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<(SpecHost From, SpecHost To), Wire> _wires = [];
    private Detour? _detour;

    /// <summary>Nothing that <paramref name="from"/> sends reaches <paramref name="to"/>.</summary>
    public Task CutAsync(SpecHost from, SpecHost to) => ChangeAsync(from, to, wire => wire with { Cuts = wire.Cuts + 1 });

    public Task HealAsync(SpecHost from, SpecHost to) => ChangeAsync(from, to, wire => wire with { Cuts = Math.Max(0, wire.Cuts - 1) });

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

    /// <summary>Frames between the two are delayed and lost, both ways, until <see cref="CalmAsync"/>.</summary>
    /// <returns>The two directions, which count.</returns>
    public async Task<IReadOnlyList<Route>> DisturbAsync(SpecHost one, SpecHost other, Disturbance disturbance)
    {
        _detour ??= await Detour.CreateAsync(network, seed: 1);
        var routes = new List<Route>();
        foreach (var (from, to) in new[] { (one, other), (other, one) })
        {
            routes.Add(await _detour.TreatAsync(from, to, disturbance));
            await ChangeAsync(from, to, wire => wire with { IsDisturbed = true });
        }

        return routes;
    }

    public async Task CalmAsync(SpecHost one, SpecHost other)
    {
        await ChangeAsync(one, other, wire => wire with { IsDisturbed = false });
        await ChangeAsync(other, one, wire => wire with { IsDisturbed = false });
    }

    public async Task HealAllAsync()
    {
        foreach (var (from, to) in _wires.Keys.ToArray())
        {
            await ChangeAsync(from, to, _ => new Wire(0, false));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_detour is not null)
        {
            await _detour.DisposeAsync();
        }

        _gate.Dispose();
    }

    private async Task ChangeAsync(SpecHost from, SpecHost to, Func<Wire, Wire> change)
    {
        await _gate.WaitAsync();
        try
        {
            var before = _wires.GetValueOrDefault((from, to), new Wire(0, false));
            var after = change(before);
            if (after.State != before.State)
            {
                await (after.State switch
                {
                    WireState.Cut => network.CutOneWayAsync(from, to),
                    WireState.Disturbed => SpecNetwork.LeadThroughAsync(from, to, _detour!.Card),
                    _ => network.HealOneWayAsync(from, to),
                });
            }

            _wires[(from, to)] = after;
        }
        finally
        {
            _gate.Release();
        }
    }

    private enum WireState
    {
        Whole,
        Disturbed,
        Cut,
    }

    private sealed record Wire(int Cuts, bool IsDisturbed)
    {
        public WireState State => Cuts > 0 ? WireState.Cut : IsDisturbed ? WireState.Disturbed : WireState.Whole;
    }
}
