using System.Collections.Immutable;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Tests.Model;

/// <summary>Tables coordinator, shard_target, shard_decision, node_order, shard_pin and shard_move.</summary>
internal sealed class CoordinationRows
{
    private const int DecisionsKept = 100;

    private readonly SortedDictionary<int, ShardTarget> _targets = [];
    private readonly SortedDictionary<string, NodeOrder> _orders = new(Comparer<string>.Create(BytewiseOrder.Compare));
    private readonly SortedDictionary<int, ShardPin> _pins = [];
    private readonly SortedDictionary<int, ShardMove> _moves = [];

    // Latest last.
    private readonly Dictionary<int, List<ShardDecision>> _decisions = [];
    private ImmutableArray<ShardTarget> _targetReading = [];
    private ImmutableArray<NodeOrder> _orderReading = [];
    private ImmutableArray<ShardPin> _pinReading = [];
    private ImmutableArray<ShardMove> _moveReading = [];

    public CoordinatorTerm Coordinator { get; private set; } = new(null, 0);

    public ImmutableArray<ShardTarget> Targets => _targetReading.IsDefault ? _targetReading = [.. _targets.Values] : _targetReading;

    public ImmutableArray<NodeOrder> Orders => _orderReading.IsDefault ? _orderReading = [.. _orders.Values] : _orderReading;

    public ImmutableArray<ShardPin> Pins => _pinReading.IsDefault ? _pinReading = [.. _pins.Values] : _pinReading;

    public ImmutableArray<ShardMove> Moves => _moveReading.IsDefault ? _moveReading = [.. _moves.Values] : _moveReading;

    public bool Names(Incarnation member)
    {
        if (Coordinator.Holder == member)
        {
            return true;
        }

        foreach (var target in Targets)
        {
            if (target.Target == member)
            {
                return true;
            }
        }

        return false;
    }

    public WriteOutcome Claim(CoordinatorTerm expected, Incarnation self)
    {
        if (Coordinator != expected)
        {
            return WriteOutcome.Refused;
        }

        Coordinator = new CoordinatorTerm(self, expected.Term + 1);
        return WriteOutcome.Applied;
    }

    public WriteOutcome WriteTargets(CoordinatorTerm term, IReadOnlyList<ShardTarget> targets, DateTimeOffset at)
    {
        if (term.Holder is not { } holder || Coordinator != term)
        {
            return WriteOutcome.Refused;
        }

        StoreModelException.Check(Coordinator == term, $"targets are written in term {term.Term} of {term.Holder}; it is term {Coordinator.Term} of {Coordinator.Holder}");
        foreach (var target in targets)
        {
            _targets[target.Shard] = target with { DecidedBy = holder, Term = term.Term, Numbers = "", EndsMove = null };
            if (target.EndsMove is { } over && _moves.TryGetValue(over.Shard, out var standing) && standing.IsSameOrderAs(over))
            {
                _moves.Remove(over.Shard);
                _moveReading = default;
            }

            if (!_decisions.TryGetValue(target.Shard, out var decisions))
            {
                _decisions.Add(target.Shard, decisions = []);
            }

            var nr = decisions.Count == 0 ? 1 : decisions[^1].Nr + 1;
            decisions.Add(new ShardDecision(target.Shard, nr, target.Target, target.Reason, holder, term.Term, target.Numbers, StoredTime.Of(at)));
            if (decisions.Count > DecisionsKept)
            {
                decisions.RemoveAt(0);
            }
        }

        _targetReading = default;
        return WriteOutcome.Applied;
    }

    public IReadOnlyList<ShardDecision> ReadDecisions(int shard)
    {
        if (!_decisions.TryGetValue(shard, out var known))
        {
            return [];
        }

        var latestFirst = known.ToArray();
        Array.Reverse(latestFirst);
        return latestFirst;
    }

    public WriteOutcome SetNodeOrder(NodeOrder order)
    {
        _orders[order.NodeName] = order with { At = StoredTime.Of(order.At) };
        _orderReading = default;
        return WriteOutcome.Applied;
    }

    public WriteOutcome ClearNodeOrder(string nodeName)
    {
        if (!_orders.Remove(nodeName))
        {
            return WriteOutcome.Refused;
        }

        _orderReading = default;
        return WriteOutcome.Applied;
    }

    public WriteOutcome Pin(ShardPin pin)
    {
        _pins[pin.Shard] = pin with { At = StoredTime.Of(pin.At) };
        _pinReading = default;
        return WriteOutcome.Applied;
    }

    /// <summary>The shard's epoch is looked at by whoever knows the owners.</summary>
    public void Move(ShardMove move)
    {
        _moves[move.Shard] = move with { At = StoredTime.Of(move.At) };
        _moveReading = default;
    }

    public WriteOutcome Unpin(int shard)
    {
        if (!_pins.Remove(shard))
        {
            return WriteOutcome.Refused;
        }

        _pinReading = default;
        return WriteOutcome.Applied;
    }
}
