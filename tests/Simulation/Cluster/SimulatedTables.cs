using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Storage;

namespace AkkaScale.Tests.Simulation.Cluster;

/// <summary>
/// The tables <c>cluster</c>, <c>node</c> and <c>lease</c> with the meaning that <see cref="IClusterStore"/> gives their statements, each of
/// which is one step; and what no table holds, by which the checks judge.
/// </summary>
internal sealed class SimulatedTables(TrueTime time, ClusterChecks checks)
{
    private readonly SortedDictionary<string, Node> _nodes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, LeaseRow> _leases = new(StringComparer.Ordinal);

    public long Generation { get; private set; }

    public string? Founder { get; private set; }

    public IReadOnlyDictionary<string, Node> Nodes => _nodes;

    public IReadOnlyDictionary<string, LeaseRow> Leases => _leases;

    public bool Register(string incarnation, string address, long uid)
    {
        _nodes.Add(incarnation, new Node(incarnation, address, uid) { RenewedAt = time.Now });
        return true;
    }

    public NodeState Renew(string incarnation)
    {
        if (!_nodes.TryGetValue(incarnation, out var node))
        {
            return NodeState.Dead;
        }

        if (node.State == NodeState.Live)
        {
            node.Renewals++;
            node.RenewedAt = time.Now;
        }

        return node.State;
    }

    public bool Leave(string incarnation)
    {
        if (_nodes[incarnation] is { State: NodeState.Live or NodeState.Down } node)
        {
            node.State = NodeState.Left;
        }

        return true;
    }

    public ClusterReading Read(IReadOnlyCollection<string> also) => new(
        Generation, Founder, [.. _nodes.Values.Where(node => !node.IsGone || also.Contains(node.Incarnation)).Select(node => node.ToRow())]);

    public bool DeclareDead(string incarnation, NodeState state, long renewals, string reason, SimulatedProcess by)
    {
        var node = _nodes[incarnation];
        if (node.IsGone || node.State != state || node.Renewals != renewals)
        {
            return false;
        }

        checks.IsDeclared(node, by);
        node.State = NodeState.Dead;
        node.Reason = reason;
        return true;
    }

    public bool GiveWay(string incarnation, long renewals, string reason, SimulatedProcess by)
    {
        var node = _nodes[incarnation];
        if (node.State != NodeState.Down || node.Renewals != renewals)
        {
            return false;
        }

        checks.GivesWay(node, by);
        (node.State, node.Reason) = (NodeState.Dead, reason);
        return true;
    }

    public IReadOnlyList<string>? Prevail(long generation, IReadOnlyCollection<string> mine, string reason, SimulatedProcess by)
    {
        if (generation != Generation || mine.Any(each => _nodes[each] is not { State: NodeState.Live } node || node.Generation != generation))
        {
            return null;
        }

        var others = _nodes.Values.Where(node => node.State == NodeState.Live && node.Generation == generation && !mine.Contains(node.Incarnation)).ToList();
        checks.Prevails(_nodes[by.Incarnation]);
        foreach (var node in others)
        {
            node.State = NodeState.Down;
            node.Reason = reason;
        }

        return [.. others.Select(node => node.Incarnation)];
    }

    public long? Found(long generation, string? founder, string incarnation)
    {
        if (generation != Generation || founder != Founder || _nodes[incarnation].State != NodeState.Live
            || _nodes.Values.Any(node => node.State == NodeState.Live && (node.Generation > 0 || node.Incarnation == founder)))
        {
            return null;
        }

        Founder = incarnation;
        _nodes[incarnation].Generation = ++Generation;
        return Generation;
    }

    public bool Join(long generation, string incarnation)
    {
        if (generation != Generation || _nodes[incarnation].State != NodeState.Live)
        {
            return false;
        }

        _nodes[incarnation].Generation = generation;
        return true;
    }

    public IReadOnlyList<LeaseRow> Acquire(IReadOnlyList<string> names, string incarnation)
    {
        foreach (var name in names.Where(_ => _nodes[incarnation].State == NodeState.Live))
        {
            var row = Lease(name);
            if (row.Owner is null || row.Owner == incarnation || _nodes[row.Owner].IsGone)
            {
                _leases[name] = new LeaseRow(name, incarnation, row.Epoch + 1);
                checks.Taken(row, incarnation);
            }
        }

        return Read(names);
    }

    public bool Release(IReadOnlyList<LeaseClaim> claims, string incarnation)
    {
        foreach (var claim in claims)
        {
            if (Lease(claim.Name) is var row && row.Owner == incarnation && row.Epoch == claim.Epoch)
            {
                _leases[claim.Name] = row with { Owner = null };
            }
        }

        return true;
    }

    public IReadOnlyList<LeaseRow> Read(IReadOnlyList<string> names) => [.. names.Select(Lease)];

    /// <summary>The journal's fence, in the same transaction as its rows.</summary>
    public bool Append(string name, string incarnation, long epoch) => Lease(name) is var row && row.Owner == incarnation && row.Epoch == epoch;

    private LeaseRow Lease(string name) => _leases.TryGetValue(name, out var row) ? row : new LeaseRow(name, null, 0);

    internal sealed class Node(string incarnation, string address, long uid)
    {
        public string Incarnation => incarnation;

        public string Address => address;

        public long Generation { get; set; }

        public NodeState State { get; set; }

        public long Renewals { get; set; }

        public string? Reason { get; set; }

        /// <summary>By true time.</summary>
        public TimeSpan RenewedAt { get; set; }

        public bool IsGone => State is NodeState.Dead or NodeState.Left;

        public NodeRow ToRow() => new(
            incarnation, address, address, uid, null, null, [], "", Generation, State, Renewals, null, Reason, default);
    }
}
