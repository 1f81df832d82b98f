using System.Collections.Immutable;
using AkkaScale.Cluster.Membership;
using AkkaScale.Cluster.Ownership;

namespace AkkaScale.Tests.Simulation;

/// <summary>Nodes around one store. Nodes restart their session under a new incarnation when it is lost, as the host does.</summary>
internal sealed class ClusterSimulation
{
    private readonly SortedDictionary<string, Node> _nodes = new(StringComparer.Ordinal);
    private int _incarnations;

    public ClusterSimulation(Simulator simulator, int shardCount)
    {
        Simulator = simulator;
        Options = new ClusterOptions { ShardCount = shardCount };
        Store = new ModelStore(shardCount, checksMemberOnAcquire: simulator.Chance(0.5)) { Granting = CheckGrant };
        simulator.Check = CheckServing;
    }

    public Simulator Simulator { get; }

    public ClusterOptions Options { get; }

    public ModelStore Store { get; }

    public StoreFaults Faults { get; } = new();

    /// <summary>Pairs of nodes that do not reach each other, though both reach the store; names in ordinal order.</summary>
    public HashSet<(string, string)> Cuts { get; } = [];

    public IEnumerable<Node> Nodes => _nodes.Values;

    /// <summary>Shards started from copies; handoffs called off after intake had stopped; of all members there have been.</summary>
    public (int WarmStarts, int Resumed) Handoffs { get; set; }

    public Node AddNode(string role = MemberSnapshot.EntityRole)
    {
        var node = new Node($"node-{_nodes.Count + 1}", role, 0.95 + (Simulator.Random.NextDouble() * 0.1), new StoreLink(Simulator, Faults));
        _nodes.Add(node.Name, node);
        Start(node);
        return node;
    }

    public void Start(Node node)
    {
        var incarnation = new Incarnation(new Guid(++_incarnations, 0, 0, new byte[8]));
        var self = new MemberSnapshot(
            incarnation, node.Name, "", "", [node.Role], "simulated", MemberStatus.Joining, 0, DateTimeOffset.UnixEpoch, "");
        node.IsLeaving = false;
        node.Member = new SimulatedMember(this, self, node.ClockRate, node.Link);
        node.Member.Start();
    }

    public bool Cut(string one, string other) => Cuts.Add(string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one));

    public bool Mend(string one, string other) => Cuts.Remove(string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one));

    public bool AreCut(string one, string other) => Cuts.Contains(string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one));

    /// <summary>Live members without a connection: cut off, or their process has ended. A paused one keeps its connections.</summary>
    public ImmutableHashSet<Incarnation> UnreachableFor(SimulatedMember member, ClusterReading reading) =>
    [
        .. reading.Members
            .Where(peer => peer.IsLive && peer.Incarnation != member.Self.Incarnation && !IsConnected(member, peer))
            .Select(peer => peer.Incarnation),
    ];

    private bool IsConnected(SimulatedMember member, MemberSnapshot peer) =>
        !AreCut(member.Self.NodeName, peer.NodeName)
        && _nodes.TryGetValue(peer.NodeName, out var node) && node.Member.Self.Incarnation == peer.Incarnation && node.Member.IsRunning;

    public void Hint(SimulatedMember from)
    {
        foreach (var node in Nodes.Where(node => node.Member != from && !AreCut(node.Name, from.Self.NodeName) && !Simulator.Chance(Faults.LostRequest)))
        {
            var member = node.Member;
            Simulator.After(Simulator.Between(0.0001, 0.002), member.Hint);
        }
    }

    public void SendCopy(Incarnation to, string handoffId, SimulatedCopy copy)
    {
        if (Nodes.FirstOrDefault(node => node.Member.Self.Incarnation == to) is { Member: { } member } && !Simulator.Chance(Faults.LostRequest))
        {
            var delay = Simulator.Chance(Faults.SlowRequest) ? Simulator.Between(0, 3) : Simulator.Between(0.0001, 0.002);
            Simulator.After(delay, () => member.Receive(handoffId, copy));
        }
    }

    /// <summary>Commands to all shards, wherever they are, from now on.</summary>
    public void BeginCommands() => Simulator.After(Simulator.Between(0.01, 0.05), () =>
    {
        var shard = Simulator.Random.Next(Options.ShardCount);
        foreach (var node in Nodes.ToArray())
        {
            node.Member.Command(shard);
        }

        BeginCommands();
    });

    public void OnEnded(SimulatedMember member)
    {
        var node = Nodes.Single(node => node.Member == member);
        if (member.End!.Kind == SessionEndKind.Lost)
        {
            Simulator.After(Simulator.Between(0.001, 0.1), () =>
            {
                if (node.Member == member)
                {
                    Start(node);
                }
            });
        }
    }

    /// <summary>Whether every shard is served under its present epoch by its target, and the members differ by at most one shard.</summary>
    public string? WhatIsUnsettled()
    {
        var reading = Store.Read();
        var hosts = Nodes.Where(node => node.Role == MemberSnapshot.EntityRole && node.Member.IsRunning && node.Member.Status == MemberStatus.Up)
            .ToDictionary(node => node.Member.Self.Incarnation, node => node.Member);
        if (hosts.Count == 0)
        {
            return "no member is up";
        }

        var targets = reading.Targets.ToDictionary(target => target.Shard, target => target.Target);
        foreach (var row in reading.Owners)
        {
            if (row.Owner is not { } owner || !hosts.TryGetValue(owner, out var member))
            {
                return $"shard {row.Shard} has no living owner (epoch {row.Epoch}, owner {row.Owner}, target {targets.GetValueOrDefault(row.Shard)})";
            }

            if (targets.GetValueOrDefault(row.Shard) != owner)
            {
                return $"shard {row.Shard} is not where it should be";
            }

            if (!member.MayServe || member.Hosted.GetValueOrDefault(row.Shard)?.Epoch != row.Epoch)
            {
                return $"shard {row.Shard} is not served by its owner {member.Self.NodeName}";
            }
        }

        var counts = hosts.Values.Select(member => member.Hosted.Count).ToArray();
        return counts.Max() - counts.Min() > 1 ? $"the members have {string.Join(", ", counts)} shards" : null;
    }

    /// <summary>Never two that may serve the same shard.</summary>
    private void CheckServing()
    {
        var servers = new Dictionary<int, SimulatedMember>();
        foreach (var member in Nodes.Select(node => node.Member).Where(member => member.MayServe))
        {
            foreach (var (shard, hosted) in member.Hosted)
            {
                if (!servers.TryAdd(shard, member))
                {
                    throw Simulator.Violation(
                        $"shard {shard} may be served by {servers[shard].Self.Incarnation} and by {member.Self.Incarnation} (epoch {hosted.Epoch})");
                }
            }
        }
    }

    /// <summary>Nothing is granted while another member may still serve it; not even before the new owner has started it.</summary>
    private void CheckGrant(int shard, Incarnation to, Incarnation? from)
    {
        Simulator.Trace($"shard {shard} is granted to {to}, was {from}");
        foreach (var member in Nodes.Select(node => node.Member))
        {
            if (member.Self.Incarnation != to && member.MayServe && member.Hosted.ContainsKey(shard))
            {
                throw Simulator.Violation($"shard {shard} is granted to {to} while {member.Self.Incarnation} may serve it");
            }
        }
    }

    internal sealed class Node(string name, string role, double clockRate, StoreLink link)
    {
        public string Name { get; } = name;

        public string Role { get; } = role;

        /// <summary>How fast its clock goes, against true time.</summary>
        public double ClockRate { get; } = clockRate;

        public StoreLink Link { get; } = link;

        public bool IsLeaving { get; set; }

        public SimulatedMember Member { get; set; } = null!;
    }
}
