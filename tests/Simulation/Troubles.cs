using AkkaScale.Cluster.Membership;

namespace AkkaScale.Tests.Simulation;

/// <summary>Makes trouble for a cluster, at random, and heals it.</summary>
internal sealed class Troubles(ClusterSimulation cluster)
{
    private const int MostNodes = 6;

    private readonly Simulator _simulator = cluster.Simulator;
    private bool _isHealed;

    public void Begin()
    {
        cluster.Faults.LostRequest = _simulator.Random.NextDouble() * 0.03;
        cluster.Faults.LostReply = _simulator.Random.NextDouble() * 0.03;
        cluster.Faults.LateExecution = _simulator.Random.NextDouble() * 0.03;
        cluster.Faults.SlowRequest = _simulator.Random.NextDouble() * 0.1;
        Next();
    }

    /// <summary>Everything works again, everybody runs.</summary>
    public void Heal()
    {
        _isHealed = true;
        _simulator.Trace("healed");
        cluster.Faults.LostRequest = cluster.Faults.LostReply = cluster.Faults.LateExecution = cluster.Faults.SlowRequest = 0;
        cluster.Faults.IsAway = cluster.Faults.IsReadOnly = false;
        cluster.Cuts.Clear();
        foreach (var node in cluster.Nodes.ToArray())
        {
            node.Link.IsCut = false;
            if (node.Member.IsPaused)
            {
                node.Member.Resume();
            }

            if (node.Member.IsCrashed || (node.Member.End is { Kind: SessionEndKind.Stopped }))
            {
                cluster.Start(node);
            }
        }
    }

    private void Next() => _simulator.After(_simulator.Between(0.05, 2), () =>
    {
        if (!_isHealed)
        {
            Trouble();
            Next();
        }
    });

    private void Trouble()
    {
        var nodes = cluster.Nodes.ToArray();
        var node = nodes[_simulator.Random.Next(nodes.Length)];
        switch (_simulator.Random.Next(11))
        {
            case 0:
                Crash(node);
                break;
            case 1 or 2:
                Pause(node);
                break;
            case 3:
                Cut(node);
                break;
            case 4:
                For(_simulator.Between(0.05, 5), isOn => cluster.Faults.IsAway = isOn, "the store is away");
                break;
            case 5:
                For(_simulator.Between(0.05, 5), isOn => cluster.Faults.IsReadOnly = isOn, "the store is read-only");
                break;
            case 6 when nodes.Length < MostNodes:
                cluster.AddNode();
                break;
            case 7:
                Leave(node);
                break;
            case 8:
                ForceDown(node);
                break;
            case 9:
                CutBetween(nodes);
                break;
            default:
                node.Member.StopShard(_simulator.Random.Next(cluster.Options.ShardCount));
                break;
        }
    }

    private void Crash(ClusterSimulation.Node node)
    {
        if (node.Member.IsRunning)
        {
            node.Member.Crash();
            StartLater(node);
        }
    }

    private void Pause(ClusterSimulation.Node node)
    {
        var member = node.Member;
        if (member is { IsRunning: true, IsPaused: false })
        {
            member.Pause();
            _simulator.After(_simulator.Between(0.05, 6), () =>
            {
                if (member.IsPaused)
                {
                    member.Resume();
                }
            });
        }
    }

    private void Cut(ClusterSimulation.Node node) => For(_simulator.Between(0.05, 6), isOn => node.Link.IsCut = isOn, $"{node.Name} is cut off");

    /// <summary>Some nodes do not reach some others, both reach the store; for long enough that somebody goes, now and then.</summary>
    private void CutBetween(ClusterSimulation.Node[] nodes)
    {
        var one = nodes[_simulator.Random.Next(nodes.Length)];
        foreach (var other in nodes.Where(node => node != one && _simulator.Chance(0.6)))
        {
            For(
                _simulator.Between(0.05, 15), isOn => _ = isOn ? cluster.Cut(one.Name, other.Name) : cluster.Mend(one.Name, other.Name),
                $"{one.Name} and {other.Name} are cut from each other");
        }
    }

    private void Leave(ClusterSimulation.Node node)
    {
        if (node.Member.IsRunning && !node.IsLeaving)
        {
            node.IsLeaving = true;
            node.Member.Leave();
            StartLater(node);
        }
    }

    /// <summary>As an operator does it: whatever the counter.</summary>
    private void ForceDown(ClusterSimulation.Node node)
    {
        _simulator.Trace($"{node.Name} is forced down");
        cluster.Store.ChangeStatus(new StatusChange(
            node.Member.Self.Incarnation, [MemberStatus.Joining, MemberStatus.Up, MemberStatus.Leaving], MemberStatus.Down, null, "by hand"));
    }

    private void StartLater(ClusterSimulation.Node node)
    {
        var member = node.Member;
        _simulator.After(_simulator.Between(0.01, 8), () =>
        {
            if (node.Member == member && !member.IsRunning)
            {
                cluster.Start(node);
            }
        });
    }

    private void For(TimeSpan time, Action<bool> set, string what)
    {
        _simulator.Trace(what);
        set(true);
        _simulator.After(time, () => set(false));
    }
}
