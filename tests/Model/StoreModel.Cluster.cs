using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Tests.Model;

/// <summary>Members, coordinator, targets, orders and pins.</summary>
internal sealed partial class StoreModel
{
    // What a process remembers of the database it opened: a renewal under a later generation is refused.
    private readonly Dictionary<Incarnation, int> _openedIn = [];

    /// <summary>A process opens the store: from now on it knows in which generation that was.</summary>
    public void Remember(Incarnation self) => _openedIn.TryAdd(self, Generation);

    /// <summary>Whoever has not opened the store does so.</summary>
    public WriteOutcome Join(MemberSnapshot self)
    {
        Remember(self.Incarnation);
        return Write(tables => tables.Join(self));
    }

    public WriteOutcome PublishUnreachable(Incarnation self, IReadOnlyList<Incarnation> peers) =>
        Write(tables => tables.Members.PublishUnreachable(self, peers));

    /// <param name="lost">Renewals of unknown outcome since the counter was last known to be as expected.</param>
    /// <param name="raisesAgain">Whether a counter raised by a lost renewal is raised once more, or taken as it is.</param>
    public (WriteOutcome Outcome, long Counter) Renew(Incarnation self, long expected, int lost, bool raisesAgain)
    {
        var counter = expected;
        var outcome = Write(tables =>
        {
            (var renewed, counter) = tables.Members.Renew(self, expected, lost, raisesAgain);
            return renewed;
        });

        // The counter is raised by the statement that also shows the generation; what the process holds may include a tail that was lost.
        return _openedIn.GetValueOrDefault(self) < Generation ? (WriteOutcome.Refused, expected) : (outcome, counter);
    }

    public WriteOutcome ChangeStatus(StatusChange change) => Write(tables => tables.Members.ChangeStatus(change));

    public WriteOutcome ClaimCoordinator(CoordinatorTerm expected, Incarnation self) => Write(tables => tables.Coordination.Claim(expected, self));

    public WriteOutcome WriteTargets(CoordinatorTerm term, IReadOnlyList<ShardTarget> targets)
    {
        var at = Now();
        return Write(tables => tables.Coordination.WriteTargets(term, targets, at));
    }

    public IReadOnlyList<ShardDecision> ReadDecisions(int shard) => _tables.Coordination.ReadDecisions(shard);

    public WriteOutcome SetNodeOrder(NodeOrder order) => Write(tables => tables.Coordination.SetNodeOrder(order));

    public WriteOutcome ClearNodeOrder(string nodeName) => Write(tables => tables.Coordination.ClearNodeOrder(nodeName));

    public WriteOutcome Pin(ShardPin pin) => Write(tables => tables.Coordination.Pin(pin));

    public WriteOutcome Move(ShardMove move) => Write(tables => tables.Move(move));

    public WriteOutcome Unpin(int shard) => Write(tables => tables.Coordination.Unpin(shard));
}
