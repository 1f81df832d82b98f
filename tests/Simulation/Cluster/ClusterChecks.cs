using AkkaScale.Cluster.Downing;
using AkkaScale.Cluster.Leases;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Storage;

namespace AkkaScale.Tests.Simulation.Cluster;

/// <summary>What must hold, judged with what no process knows: true time, and everybody's state at once.</summary>
internal sealed class ClusterChecks(ClusterWorld world)
{
    private readonly Dictionary<SimulatedShards.Ask, (SimulatedProcess Process, TimeSpan At)> _asked = [];
    private readonly HashSet<(string Incarnation, LeaseClaim)> _answered = [];
    private readonly Dictionary<(string Lease, long Epoch), string> _owners = [];
    private readonly Dictionary<string, long> _appended = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Incarnation, string Lease), SimulatedShards.Instance> _newest = [];
    private readonly HashSet<(string Incarnation, string Lease, long Epoch)> _lost = [];

    /// <summary>After every step, so without an allocation.</summary>
    public void Always()
    {
        SimulatedGossip? cluster = null;
        foreach (var process in world.Slots)
        {
            if (process is not { IsServing: true })
            {
                continue;
            }

            OwnsWhatItServes(process);
            if (process.Membership is { HasJoined: true, Cluster: var its } && world.Tables.Nodes[process.Incarnation].State == NodeState.Live)
            {
                if ((cluster ??= its) != its)
                {
                    throw Violation("there are two clusters");
                }
            }
        }

        foreach (var process in world.Slots)
        {
            if (process is not null && world.Tables.Nodes.TryGetValue(process.Incarnation, out var node)
                && node.State == NodeState.Live && node.Generation > 0 && node.Generation != world.Tables.Generation)
            {
                throw Violation($"{node.Incarnation} is live and of generation {node.Generation}, the cluster of {world.Tables.Generation}");
            }
        }
    }

    private void OwnsWhatItServes(SimulatedProcess process)
    {
        for (var index = 0; index < ClusterWorld.Leases.Count; index++)
        {
            var lease = ClusterWorld.Leases[index];
            if (process.Shards.EpochOf(lease) is { } epoch && world.Tables.Leases[lease] is var row && row.Owner != process.Incarnation)
            {
                throw Violation($"{process.Incarnation} serves {lease} by epoch {epoch}, which {row.Owner ?? "nobody"} has by epoch {row.Epoch}");
            }
        }
    }

    public void Taken(LeaseRow before, string incarnation)
    {
        world.Coverage.Met(ClusterSituation.LeaseTaken);
        if (!_owners.TryAdd((before.Name, before.Epoch + 1), incarnation))
        {
            throw Violation($"{before.Name} was taken by epoch {before.Epoch + 1} twice");
        }

        if (before.Owner is not null && before.Owner != incarnation)
        {
            world.Coverage.Met(ClusterSituation.TakenFromDead);
        }
    }

    /// <summary>A time to live is the least that a renewal must be old by; who was kept from seeing one has no evidence.</summary>
    public void IsDeclared(SimulatedTables.Node node, SimulatedProcess by)
    {
        world.Coverage.Met(ClusterSituation.DeclaredDead);
        var least = SimulatedProcess.Options.TimeToLive;
        if (world.Time.Now - node.RenewedAt < least)
        {
            throw Violation($"{by.Incarnation} declares {node.Incarnation} dead, which renewed {(world.Time.Now - node.RenewedAt).TotalSeconds:0.00} s ago");
        }

        // A declaration is a few hundred milliseconds under way at most; it only gets older.
        var away = Later(world.Line.BackSince, by.ThawedSince);
        if (away > TimeSpan.Zero && world.Time.Now - away < least)
        {
            throw Violation($"{by.Incarnation} declares {node.Incarnation} dead {(world.Time.Now - away).TotalSeconds:0.00} s after it could read again");
        }
    }

    public void GivesWay(SimulatedTables.Node node, SimulatedProcess by)
    {
        world.Coverage.Met(ClusterSituation.GaveWay);
        if (by.IsServing || by.Incarnation != node.Incarnation)
        {
            throw Violation($"{by.Incarnation}, which serves, declares {node.Incarnation} dead");
        }
    }

    public void Prevails(SimulatedTables.Node claimer)
    {
        if (claimer.State != NodeState.Live)
        {
            throw Violation($"{claimer.Incarnation}, itself {claimer.State}, sends others away: a partition has two winners");
        }
    }

    /// <summary>Evidence is judged when the claim is sent: no table knows who reaches whom.</summary>
    public void Claims(SimulatedProcess by, PartitionEffect.Prevail claim, SimulatedGossip gossip)
    {
        // Who joined after the claimer's last reading is no member to it yet, and is sent away by any claim: see PartitionMachine.
        foreach (var other in gossip.Members.Except(claim.Mine).Where(other =>
            world.Tables.Nodes[other].State == NodeState.Live && by.Snapshot!.Nodes.GetValueOrDefault(other)?.Generation > 0))
        {
            if (!world.Links.HaveBeenApart(by.Incarnation, other))
            {
                throw Violation($"{by.Incarnation} sends {other} away without evidence: {claim.Reason}");
            }
        }
    }

    public void Ends(SimulatedProcess process, NodeEnd why)
    {
        if (world.Tables.Nodes[process.Incarnation].State == NodeState.Live)
        {
            throw Violation($"{process.Incarnation} ends as {why} while its row is live");
        }
    }

    public void Enters(SimulatedProcess process, SimulatedGossip gossip)
    {
        if (gossip.Members.FirstOrDefault(member => world.Tables.Nodes[member].Address == process.Address) is { } predecessor)
        {
            throw Violation($"{process.Incarnation} joins while {predecessor} is a member at the same address");
        }

        // One that never joined has nothing that could be noticed; its registration may even have been late.
        if (world.Tables.Nodes.Values.FirstOrDefault(node =>
            !node.IsGone && node.Generation > 0 && node.Address == process.Address && string.CompareOrdinal(node.Incarnation, process.Incarnation) < 0) is { } row)
        {
            throw Violation($"{process.Incarnation} joins while {row.Incarnation} at the same address is {row.State}");
        }
    }

    public void Asks(SimulatedShards.Ask ask, SimulatedProcess process) => _asked.Add(ask, (process, world.Time.Now));

    public void IsAnswered(SimulatedShards.Ask ask, SimulatedProcess process)
    {
        if (!_asked.Remove(ask))
        {
            throw Violation($"{process.Incarnation} answers one acquire of {ask.Instance.Lease} twice");
        }
    }

    public bool WasAnswered(string incarnation, LeaseClaim claim) => _answered.Contains((incarnation, claim));

    public void HasIt(SimulatedProcess process, string lease, SimulatedShards.Instance instance)
    {
        _newest[(process.Incarnation, lease)] = instance;
        if (process.Shards.EpochOf(lease) is { } epoch)
        {
            _answered.Add((process.Incarnation, new LeaseClaim(lease, epoch)));
        }
    }

    public void BookIsTrue(SimulatedProcess process)
    {
        foreach (var lease in ClusterWorld.Leases)
        {
            if (process.Shards.EpochOf(lease) is { } epoch && _owners.GetValueOrDefault((lease, epoch)) != process.Incarnation)
            {
                throw Violation($"{process.Incarnation} believes that it has {lease} by epoch {epoch}, which is not its");
            }
        }
    }

    public void HasEnded(LeaseState book)
    {
        if (book.Entries.Count > 0)
        {
            throw Violation($"{book.Own} has ended, and its book has not");
        }
    }

    public void IsLost(SimulatedProcess process, string lease, long epoch, bool isDropped)
    {
        var isAnothers = world.Tables.Leases[lease].Owner is { } owner && owner != process.Incarnation;
        if (process is { IsRunning: true, GivesWay: false } && !isAnothers && !isDropped)
        {
            throw Violation($"{process.Incarnation} is told that it lost {lease}, which nobody else has");
        }

        if (!_lost.Add((process.Incarnation, lease, epoch)))
        {
            throw Violation($"{process.Incarnation} is told twice that it lost {lease} by epoch {epoch}");
        }
    }

    public bool Appends(SimulatedProcess process, SimulatedShards.Instance instance, long epoch)
    {
        var lease = instance.Lease;
        if (!world.Tables.Append(lease, process.Incarnation, epoch))
        {
            world.Coverage.Met(ClusterSituation.AppendRefused);
            return false;
        }

        world.Coverage.Met(ClusterSituation.Appended);
        if (_appended.GetValueOrDefault(lease) > epoch)
        {
            throw Violation($"{lease} is appended to by epoch {epoch} after {_appended[lease]}");
        }

        if (_newest[(process.Incarnation, lease)] != instance)
        {
            throw Violation($"an instance of {lease} in {process.Incarnation} appends by epoch {epoch} after another has started");
        }

        _appended[lease] = epoch;
        return true;
    }

    /// <summary>What must come to hold when nothing happens any more; null when it does.</summary>
    public string? NotSettled()
    {
        foreach (var process in world.Slots)
        {
            if (process is not { IsRunning: true } || !process.IsServing || !process.Membership.HasJoined)
            {
                return $"{process?.Incarnation ?? "a process"} is not a serving member";
            }

            if (world.Tables.Nodes[process.Incarnation].Generation != world.Tables.Generation)
            {
                return $"{process.Incarnation} is of another generation";
            }
        }

        if (world.Running.Select(process => process.Membership.Cluster).Distinct().Count() != 1)
        {
            return "there is more than one cluster";
        }

        foreach (var lease in ClusterWorld.Leases)
        {
            var wants = world.Running.Where(process => process.Shards.Wanted.Contains(lease)).ToList();
            var row = world.Tables.Leases.GetValueOrDefault(lease);
            if (wants.Count != 1 || row.Owner != wants[0].Incarnation || wants[0].Shards.EpochOf(lease) != row.Epoch || !wants[0].Shards.Has(lease))
            {
                return $"{lease} is {row.Owner ?? "nobody"}'s by epoch {row.Epoch}, and wanted by {string.Join(", ", wants.Select(process => process.Incarnation))}";
            }
        }

        foreach (var node in world.Tables.Nodes.Values.Where(node => !node.IsGone && world.Running.All(process => process.Incarnation != node.Incarnation)))
        {
            return $"{node.Incarnation} has ended and is {node.State}";
        }

        var late = _asked.FirstOrDefault(ask => ask.Value.Process.IsRunning && world.Time.Now - ask.Value.At > TimeSpan.FromSeconds(35));
        return late.Key is null ? null : $"{late.Value.Process.Incarnation} still waits for {late.Key.Instance.Lease}";
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private ClusterViolationException Violation(string message) => new($"at {world.Time.Now.TotalSeconds:0.000} s: {message}");
}
