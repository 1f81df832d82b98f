namespace AkkaScale.Tests.Simulation.Worlds;

internal enum FaultKind
{
    Crash,
    Pause,
    CutStore,
    CutStoreOut,
    CutStoreIn,
    CutNodes,
    CutNodesOneWay,
    StoreAway,
    StoreReadOnly,
    StoreRestart,
    Failover,
    AddNode,
    Leave,
    ForceDown,
    Drain,
    Cordon,
    Pin,
    WallClock,
    NoiseBurst,

    /// <summary>A drain is ordered and taken back at once, what is said of it gets lost, and the node dies a little later.</summary>
    Waver,

    /// <summary>A shard is moved once. Drawn apart from the rest.</summary>
    Move,
}

/// <summary>One thing that goes wrong, or that an operator does, at a time fixed beforehand.</summary>
/// <param name="Number">Names it among all of its run, whatever is left out.</param>
/// <param name="A">Which node or shard, modulo how many there are.</param>
/// <param name="B">Another one; of a failover, how many writes are lost.</param>
/// <param name="For">How long it lasts; of a process that ends, when it comes back.</param>
internal sealed record Fault(int Number, TimeSpan At, FaultKind Kind, int A, int B, TimeSpan For)
{
    public static IReadOnlyList<Fault> Plan(WorldConfig config)
    {
        var random = config.Streams.Of("faults");
        var kinds = Enum.GetValues<FaultKind>().Where(kind => kind != FaultKind.Move && (kind != FaultKind.Failover || config.CanLoseTail)).ToArray();
        var count = random.Next(2, 14);
        var faults = new List<Fault>(count);
        var longest = config.Cluster.LeaseTtl.TotalSeconds * 5;
        for (var number = 0; number < count; number++)
        {
            var at = random.Between(0.5, WorldConfig.Healing.TotalSeconds - 1);
            var kind = kinds[random.Next(kinds.Length)];
            var (a, b) = (random.Next(1_000), random.Next(1_000));
            var length = random.Chance(0.5) ? random.Between(0.02, 1) : random.Between(0.5, longest);
            faults.Add(new Fault(number, at, kind, a, b, length));
        }

        if (config.CanLoseTail && faults.TrueForAll(fault => fault.Kind != FaultKind.Failover))
        {
            faults.Add(new Fault(count, random.Between(2, 15), FaultKind.Failover, 0, random.Next(1_000), TimeSpan.Zero));
        }

        AddMoves(config, faults);
        return faults;
    }

    // Moves have chances of their own, so that seeds that were found before there were any go on meaning the same.
    private static void AddMoves(WorldConfig config, List<Fault> faults)
    {
        var random = config.Streams.Of("moves");
        var count = random.Chance(0.5) ? random.Next(1, 5) : 0;
        for (var number = 0; number < count; number++)
        {
            faults.Add(new Fault(
                100 + number, random.Between(0.5, WorldConfig.Healing.TotalSeconds + 2), FaultKind.Move, random.Next(1_000), random.Next(1_000), TimeSpan.Zero));
        }
    }

    public override string ToString() => FormattableString.Invariant($"#{Number} {Kind} at {At.TotalSeconds:0.000} ({A}, {B}) for {For.TotalSeconds:0.00} s");
}
