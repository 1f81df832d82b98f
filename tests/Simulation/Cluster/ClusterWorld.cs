using AkkaScale.Cluster.Members;

namespace AkkaScale.Tests.Simulation.Cluster;

/// <summary>A few processes, one database, and everything between them, under one seed: first with faults, then until all has settled.</summary>
internal sealed class ClusterWorld
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(70);

    private readonly Action<string>? _listener;
    private readonly Dictionary<string, SimulatedProcess> _all = new(StringComparer.Ordinal);
    private int _started;

    public ClusterWorld(int seed, Action<string>? listener)
    {
        _listener = listener;
        Dice = new Dice(seed);
        Checks = new ClusterChecks(this);
        Tables = new SimulatedTables(Time, Checks);
        Line = new SimulatedLine(Time, Dice, Coverage) { Noise = Dice.Of([0, 0.005, 0.03]) };
        Slots = new SimulatedProcess?[2 + Dice.Below(4)];
        Links = new SimulatedLinks(Slots.Length);
        Director = new ShardDirector(this);
    }

    public static IReadOnlyList<string> Leases { get; } = ["a", "b", "c"];

    public TrueTime Time { get; } = new();

    public Dice Dice { get; }

    public ClusterCoverage Coverage { get; } = new();

    public ClusterChecks Checks { get; }

    public SimulatedTables Tables { get; }

    public SimulatedLine Line { get; }

    public SimulatedLinks Links { get; }

    public ShardDirector Director { get; }

    public SimulatedProcess?[] Slots { get; }

    public IEnumerable<SimulatedProcess> Running => Slots.Where(process => process is { IsRunning: true })!;

    /// <summary>Set when no more faults happen.</summary>
    public bool IsQuiet { get; private set; }

    public bool CanTalk(SimulatedProcess one, SimulatedProcess other) =>
        one.IsRunning && other.IsRunning && !one.IsFrozen && !other.IsFrozen && Links.AreJoined(one.Slot, other.Slot);

    public void Run()
    {
        for (var slot = 0; slot < Slots.Length; slot++)
        {
            StartLater(slot, Dice.Seconds(0, Dice.Chance(0.5) ? 0.01 : 1));
        }

        var end = new ClusterFaults(this).Plan();
        Record();
        Director.Start();
        RunUntil(end);
        IsQuiet = true;
        Line.Noise = 0;
        Tell(null, "no more faults");
        Settle(end + Patience);
    }

    /// <summary>Somebody starts it again.</summary>
    public void IsGone(SimulatedProcess process) => StartLater(process.Slot, Dice.Seconds(0.05, 1.5));

    public void Tell(SimulatedProcess? process, string what) =>
        _listener?.Invoke($"{Time.Now.TotalSeconds,8:0.000} {process?.Incarnation ?? "",4} {what}");

    private void RunUntil(TimeSpan end)
    {
        while (Time.Step(end))
        {
            Checks.Always();
        }
    }

    private void Settle(TimeSpan latest)
    {
        // It must stay settled for longer than any statement, waiter or doubt of before can be late.
        var since = (TimeSpan?)null;
        while (since is null || Time.Now - since < TimeSpan.FromSeconds(3))
        {
            RunUntil(Time.Now + TimeSpan.FromSeconds(0.5));
            var missing = Checks.NotSettled();
            since = missing is null ? since ?? Time.Now : null;
            if (missing is not null && Time.Now > latest)
            {
                throw new ClusterViolationException($"{Patience.TotalSeconds:0} s after the last fault {missing}");
            }
        }
    }

    private void StartLater(int slot, TimeSpan delay) => Time.After(delay, () =>
    {
        var incarnation = (++_started).ToString("0000", System.Globalization.CultureInfo.InvariantCulture);
        var process = new SimulatedProcess(this, slot, incarnation, Dice.Between(0.95, 1.05), Dice.Seconds(0, 1000));
        Slots[slot] = process;
        _all.Add(incarnation, process);
        Tell(process, $"starts as {process.Address}");
        process.Start();
    });

    private void Record()
    {
        Time.After(Tick, Record);
        var present = Tables.Nodes.Values.Where(node => !node.IsGone && node.State == NodeState.Live).Select(node => _all[node.Incarnation]).ToList();
        for (var one = 0; one < present.Count; one++)
        {
            for (var other = one + 1; other < present.Count; other++)
            {
                Links.Record(present[one].Incarnation, present[other].Incarnation, !CanTalk(present[one], present[other]));
            }
        }
    }
}
