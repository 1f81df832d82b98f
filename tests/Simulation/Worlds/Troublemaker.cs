using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>Carries the plan of faults out, and heals everything in the end.</summary>
internal sealed class Troublemaker(World world)
{
    private const int MostNodes = 6;

    private bool _isHealed;

    public void Begin(IEnumerable<Fault> faults)
    {
        foreach (var fault in faults)
        {
            world.Agenda.After(fault.At, () =>
            {
                world.Say($"fault {fault}");
                world.Coverage.Met(Situation.Fault);
                Do(fault);
            });
        }

        world.Agenda.After(WorldConfig.Healing, Heal);
    }

    /// <summary>Everything works again, everybody runs.</summary>
    private void Heal()
    {
        world.Say("everything is healed");
        _isHealed = true;
        world.Noise = new Noise();
        world.IsStoreAway = world.IsStoreReadOnly = false;
        world.HandOverWait = TimeSpan.Zero;
        foreach (var node in world.Nodes.ToArray())
        {
            node.Link.IsCutIn = node.Link.IsCutOut = false;
            world.Store.ClearNodeOrder(node.Name);
            foreach (var other in world.Nodes.Where(other => other != node))
            {
                world.Network.Mend(node, other);
            }

            node.Resume();
            if (!node.IsRunning)
            {
                node.Start();
            }
        }

        for (var shard = 0; shard < world.Config.Cluster.ShardCount; shard++)
        {
            world.Store.Unpin(shard);
        }
    }

    private void Do(Fault fault)
    {
        var nodes = world.Nodes;
        var (one, other) = (nodes[fault.A % nodes.Count], nodes[(fault.A + 1 + (fault.B % Math.Max(1, nodes.Count - 1))) % nodes.Count]);
        switch (fault.Kind)
        {
            case FaultKind.Crash:
                one.Kill("crashes");
                StartLater(one, fault.For);
                break;
            case FaultKind.Pause when one is { IsRunning: true, IsPaused: false }:
                one.Pause();
                Later(fault.For, one.Resume);
                break;
            case FaultKind.CutStore:
                one.Link.IsCutIn = one.Link.IsCutOut = true;
                Later(fault.For, () => one.Link.IsCutIn = one.Link.IsCutOut = false);
                break;
            case FaultKind.CutStoreOut:
                one.Link.IsCutOut = true;
                Later(fault.For, () => one.Link.IsCutOut = false);
                break;
            case FaultKind.CutStoreIn:
                one.Link.IsCutIn = true;
                Later(fault.For, () => one.Link.IsCutIn = false);
                break;
            case FaultKind.CutNodes or FaultKind.CutNodesOneWay when one != other:
                Cut(fault, one, other);
                break;
            case FaultKind.StoreAway:
                world.StoreLife++;
                world.IsStoreAway = true;
                Later(fault.For, () => world.IsStoreAway = false);
                break;
            case FaultKind.StoreReadOnly:
                world.IsStoreReadOnly = true;
                Later(fault.For, () => world.IsStoreReadOnly = false);
                break;
            case FaultKind.StoreRestart:
                world.StoreLife++;
                break;
            case FaultKind.Failover:
                world.Failover(fault.B % 3 == 0 ? 0 : fault.B % 40);
                break;
            case FaultKind.AddNode when nodes.Count < MostNodes:
                world.AddNode(fault.B % 4 == 0 ? MemberSnapshot.GatewayRole : MemberSnapshot.EntityRole).Start();
                break;
            case FaultKind.Leave when one.Member is { IsRunning: true } member:
                one.Soon(() => member.Leave());
                StartLater(one, fault.For);
                break;
            case FaultKind.ForceDown when one.Member is { } member:
                world.Store.ChangeStatus(new StatusChange(
                    member.Self.Incarnation, [MemberStatus.Joining, MemberStatus.Up, MemberStatus.Leaving], MemberStatus.Down, null, "by hand"));
                break;
            case FaultKind.Drain or FaultKind.Cordon:
                var order = fault.Kind == FaultKind.Drain ? NodeOrderKind.Drain : NodeOrderKind.Cordon;
                world.Store.SetNodeOrder(new NodeOrder(one.Name, order, "simulated", "nobody", DateTimeOffset.UnixEpoch));
                Later(fault.For, () => world.Store.ClearNodeOrder(one.Name));
                break;
            case FaultKind.Pin:
                var shard = fault.B % world.Config.Cluster.ShardCount;
                world.Store.Pin(new ShardPin(shard, one.Name, "simulated", "nobody", DateTimeOffset.UnixEpoch));
                Later(fault.For, () => world.Store.Unpin(shard));
                break;
            case FaultKind.Move:
                var moved = world.Store.Read().Owners[fault.B % world.Config.Cluster.ShardCount];
                world.Store.Move(new ShardMove(moved.Shard, one.Name, moved.Epoch, "simulated", "nobody", DateTimeOffset.UnixEpoch));
                break;
            case FaultKind.WallClock:
                one.StepWallClock(TimeSpan.FromHours(fault.B % 2 == 0 ? 1 : -1));
                break;
            case FaultKind.Waver:
                Waver(fault, one);
                break;
            case FaultKind.NoiseBurst:
                var before = world.Noise;
                world.Noise = Noise.Of(5, world.Config.Streams.Of($"burst/{fault.Number}"));
                Later(fault.For, () => world.Noise = before);
                break;
        }
    }

    private void Waver(Fault fault, WorldNode node)
    {
        var others = world.Nodes.Where(other => other != node).ToArray();
        world.HandOverWait = TimeSpan.FromMilliseconds(500);
        world.Store.SetNodeOrder(new NodeOrder(node.Name, NodeOrderKind.Drain, "simulated", "nobody", DateTimeOffset.UnixEpoch));
        world.Agenda.After(TimeSpan.FromMilliseconds(100 + (fault.B % 300)), () =>
        {
            world.Store.ClearNodeOrder(node.Name);
            foreach (var other in others)
            {
                world.Network.Cut(node, other, TimeSpan.FromSeconds(5));
            }
        });
        Later(TimeSpan.FromMilliseconds((fault.B % 300) + 400 + (fault.A % 800)), () =>
        {
            foreach (var other in others)
            {
                world.Network.Mend(node, other);
            }

            world.HandOverWait = TimeSpan.Zero;
            node.Kill("crashes");
            StartLater(node, fault.For);
        });
    }

    private void Cut(Fault fault, WorldNode one, WorldNode other)
    {
        var noticed = TimeSpan.FromMilliseconds(fault.B * 2);
        world.Network.Cut(one, other, noticed);
        if (fault.Kind == FaultKind.CutNodes)
        {
            world.Network.Cut(other, one, noticed);
        }

        Later(fault.For, () =>
        {
            world.Network.Mend(one, other);
            world.Network.Mend(other, one);
        });
    }

    private void StartLater(WorldNode node, TimeSpan delay) => Later(delay, () =>
    {
        if (!node.IsRunning)
        {
            node.Start();
        }
    });

    private void Later(TimeSpan delay, Action action) => world.Agenda.After(delay, () =>
    {
        if (!_isHealed)
        {
            action();
        }
    });
}
