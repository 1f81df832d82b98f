using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Chaos.Rig;
using AkkaScale.Tests.Verdict;

namespace AkkaScale.Tests.Chaos.Nemeses;

/// <summary>One nemesis at work: whom it concerns, when it began and ended, and what was seen of it.</summary>
internal sealed class Strike(string name, ChaosCluster cluster, Random random, Victims victims, HistoryWriter history, RunClock clock, bool isAlone, CancellationToken stop)
    : IDisposable
{
    /// <summary>
    /// After a crash: a dead process is out of the cluster when its time to live and a tenth are over, and its shards run elsewhere some seconds
    /// later. What goes beyond is a busy machine.
    /// </summary>
    public static readonly TimeSpan CrashBound = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan EffectBound = TimeSpan.FromSeconds(30);

    private readonly List<string> _claimed = [];
    private long _begin = -1;
    private long _end = -1;
    private string _target = "";
    private string _detail = "";
    private TimeSpan _bound;
    private Effect? _effect;

    public string Name { get; } = name;

    public ChaosCluster Cluster { get; } = cluster;

    public Random Random { get; } = random;

    /// <summary>Nothing else is done to the cluster meanwhile.</summary>
    public bool IsAlone { get; } = isAlone;

    /// <summary>Clients are gone or the user wants an end: waits are cut short.</summary>
    public CancellationToken Stop { get; } = stop;

    public bool IsSeen => _effect is { Seen: true };

    public string What => _effect?.What ?? "nothing";

    /// <summary>The time to live of a process: pauses are measured by it.</summary>
    public static TimeSpan Lease => TimeSpan.FromSeconds(2);

    /// <summary>A running entity node that owns shards and that no other nemesis has chosen.</summary>
    public async Task<NodeProcess> ChooseNodeAsync()
    {
        NodeProcess? chosen = null;
        await Eventually.Holds("a node owns shards that no nemesis has chosen", EffectBound, async () =>
        {
            // One that has just come owns nothing yet: nobody would miss it.
            var owners = (await Cluster.ShardsAsync()).Select(shard => shard.Owner).ToHashSet();
            chosen = victims.Choose([.. Cluster.Entities.Where(node => node.Name != ChaosCluster.GuestName && owners.Contains(node.Name))], Random, _claimed);
            return chosen is null ? "there is none" : null;
        });
        return chosen!;
    }

    /// <summary>From here on it is at work.</summary>
    /// <param name="bound">The longest that an entity may be without an answer, from now on; twice that where two faults meet.</param>
    public void Begin(string target, string detail, TimeSpan bound) => (_begin, _target, _detail, _bound) = (clock.Now, target, detail, IsAlone ? bound : bound * 2);

    /// <summary>It has been taken back.</summary>
    public void End()
    {
        if (_end < 0)
        {
            _end = clock.Now;
        }
    }

    public void Effect(bool seen, string what) => _effect = new Effect(Name, _target, seen, what);

    /// <summary>Waits until an effect is seen; without one by then the run fails.</summary>
    public async Task EffectAsync(Func<Task<string?>> look)
    {
        string? seen = null;
        await Eventually.Holds($"{Name} has an effect", EffectBound, async () => (seen = await look()) is null ? "none" : null);
        Effect(true, seen!);
    }

    public async Task HoldAsync(TimeSpan time)
    {
        try
        {
            await Task.Delay(time, Stop);
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Writes it down, whatever came of it.</summary>
    public void Record()
    {
        if (_begin < 0)
        {
            return;
        }

        End();
        history.Write(new Fault(Name, _target, _begin, _end, _detail) { Bound = (long)_bound.TotalMicroseconds });
        _effect ??= Stop.IsCancellationRequested
            ? new Effect(Name, _target, true, "the run was ended before it could be seen")
            : new Effect(Name, _target, false, "nothing was seen of it");
        history.Write(_effect with { Begin = _begin });
    }

    public void Dispose() => victims.Release(_claimed);
}
