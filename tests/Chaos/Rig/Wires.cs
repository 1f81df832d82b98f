using AkkaScale.TestKit.Networks;

namespace AkkaScale.Tests.Chaos.Rig;

/// <summary>
/// What is wrong between hosts now, each direction by itself. Several faults may concern one direction: it heals when the last of them is taken back.
/// </summary>
internal sealed class Wires(SpecNetwork network) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<Direction, Wire> _wires = [];
    private Detour? _detour;

    /// <summary>From now on nothing passes in these directions, and nobody is told so.</summary>
    public Task<WireFault> CutAsync(IReadOnlyList<Direction> directions) =>
        BeginAsync(directions, wire => wire with { Cuts = wire.Cuts + 1 }, wire => wire with { Cuts = Math.Max(0, wire.Cuts - 1) });

    /// <summary>From now on packets in these directions are delayed and lost. One disturbance at a time concerns a direction.</summary>
    /// <returns>The fault, and what counts for each direction.</returns>
    public async Task<(WireFault Fault, IReadOnlyList<Route> Routes)> DisturbAsync(IReadOnlyList<Direction> directions, Disturbance disturbance, int seed)
    {
        _detour ??= await Detour.CreateAsync(network, seed);
        var routes = new List<Route>();
        foreach (var direction in directions)
        {
            routes.Add(await _detour.TreatAsync(direction, disturbance));
        }

        return (await BeginAsync(directions, wire => wire with { IsDisturbed = true }, wire => wire with { IsDisturbed = false }), routes);
    }

    public async Task HealAllAsync()
    {
        foreach (var direction in _wires.Keys.ToArray())
        {
            await ChangeAsync(direction, _ => new Wire(0, false));
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

    private async Task<WireFault> BeginAsync(IReadOnlyList<Direction> directions, Func<Wire, Wire> begin, Func<Wire, Wire> end)
    {
        var fault = new WireFault(direction => ChangeAsync(direction, end));
        try
        {
            foreach (var direction in directions)
            {
                await ChangeAsync(direction, begin);
                fault.Add(direction);
            }

            return fault;
        }
        catch
        {
            await fault.DisposeAsync();
            throw;
        }
    }

    private async Task ChangeAsync(Direction direction, Func<Wire, Wire> change)
    {
        await _gate.WaitAsync();
        try
        {
            var before = _wires.GetValueOrDefault(direction, new Wire(0, false));
            var after = change(before);
            if (after.State != before.State)
            {
                await (after.State switch
                {
                    WireState.Cut => network.CutOneWayAsync(direction.From, direction.To),
                    WireState.Disturbed => SpecNetwork.LeadThroughAsync(direction.From, direction.To, _detour!.Card),
                    _ => network.HealOneWayAsync(direction.From, direction.To),
                });
            }

            _wires[direction] = after;
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
