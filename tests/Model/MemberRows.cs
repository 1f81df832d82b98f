using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Membership;
using AkkaScale.Cluster.Ownership;

namespace AkkaScale.Tests.Model;

/// <summary>Tables member and event_type.</summary>
/// <param name="keepsRules">Whatever rule of the product is broken.</param>
internal sealed class MemberRows(bool keepsRules)
{
    private const int GoneKept = 64;

    private readonly Dictionary<Incarnation, MemberSnapshot> _rows = [];

    // By time of joining, then by incarnation.
    private readonly List<Incarnation> _order = [];
    private readonly List<WrittenEventType> _eventTypes = [];
    private ImmutableArray<MemberSnapshot> _reading = [];

    /// <summary>In the order of a reading; the same array until a row changes.</summary>
    public ImmutableArray<MemberSnapshot> Reading => _reading.IsDefault ? _reading = Read() : _reading;

    public IReadOnlyList<WrittenEventType> EventTypes => [.. _eventTypes];

    public MemberSnapshot? Find(Incarnation member) => _rows.GetValueOrDefault(member);

    /// <param name="isReferred">Whether an owner, a target or the coordinator's row names a member.</param>
    public WriteOutcome Join(MemberSnapshot self, Func<Incarnation, bool> isReferred)
    {
        if (self.Reads is { } reads && self.HasRole(MemberSnapshot.EntityRole))
        {
            foreach (var type in _eventTypes)
            {
                if (!reads.ReadsEvent(type.Kind, type.EventType))
                {
                    return WriteOutcome.Refused;
                }
            }
        }

        var row = self with { Status = MemberStatus.Joining, RenewCounter = 0, JoinedAt = StoredTime.Of(self.JoinedAt), Unreachable = [] };
        if (!_rows.TryAdd(self.Incarnation, row))
        {
            return WriteOutcome.Refused;
        }

        var index = _order.Count;
        while (index > 0 && IsAfter(_rows[_order[index - 1]], row))
        {
            index--;
        }

        _order.Insert(index, self.Incarnation);
        _reading = default;
        Forget(isReferred);
        return WriteOutcome.Applied;
    }

    public WriteOutcome RegisterEventType(string kind, string eventType, string by, DateTimeOffset at)
    {
        foreach (var type in _eventTypes)
        {
            if (type.Kind == kind && type.EventType == eventType)
            {
                return WriteOutcome.Refused;
            }
        }

        foreach (var member in _rows.Values)
        {
            // Who does not say what it reads holds every new type back.
            if (member.IsLive && member.HasRole(MemberSnapshot.EntityRole) && member.Reads?.ReadsEvent(kind, eventType) != true)
            {
                return WriteOutcome.Refused;
            }
        }

        var row = new WrittenEventType(kind, eventType, StoredTime.Of(at), by);
        var index = _eventTypes.Count;
        while (index > 0 && IsAfter(_eventTypes[index - 1], row))
        {
            index--;
        }

        _eventTypes.Insert(index, row);
        return WriteOutcome.Applied;
    }

    public WriteOutcome PublishUnreachable(Incarnation self, IReadOnlyList<Incarnation> peers) =>
        Find(self) is { IsLive: true } member ? Set(member with { Unreachable = [.. peers] }) : WriteOutcome.Refused;

    public (WriteOutcome Outcome, long Counter) Renew(Incarnation self, long expected, int lost, bool raisesAgain)
    {
        if (Find(self) is not { IsLive: true } member || member.RenewCounter < expected || member.RenewCounter > expected + lost)
        {
            return (WriteOutcome.Refused, expected);
        }

        if (member.RenewCounter > expected && !raisesAgain)
        {
            return (WriteOutcome.Applied, member.RenewCounter);
        }

        Set(member with { RenewCounter = member.RenewCounter + 1 });
        return (WriteOutcome.Applied, member.RenewCounter + 1);
    }

    public WriteOutcome ChangeStatus(StatusChange change)
    {
        if (Find(change.Member) is not { } member
            || (change.RenewCounter is { } counter && counter != member.RenewCounter && (keepsRules || !Broken.TwoStepDeath)))
        {
            return WriteOutcome.Refused;
        }

        foreach (var from in change.From)
        {
            if (from == member.Status)
            {
                return Set(member with { Status = change.To, Reason = change.Reason });
            }
        }

        return WriteOutcome.Refused;
    }

    private WriteOutcome Set(MemberSnapshot row)
    {
        _rows[row.Incarnation] = row;
        _reading = default;
        return WriteOutcome.Applied;
    }

    /// <summary>Of those long gone the latest are kept, and whoever is still named somewhere.</summary>
    private void Forget(Func<Incarnation, bool> isReferred)
    {
        if (_order.Count <= GoneKept)
        {
            return;
        }

        var gone = 0;
        for (var index = _order.Count - 1; index >= 0; index--)
        {
            if (_rows[_order[index]].IsGone && !isReferred(_order[index]) && ++gone > GoneKept)
            {
                _rows.Remove(_order[index]);
                _order.RemoveAt(index);
            }
        }
    }

    private ImmutableArray<MemberSnapshot> Read()
    {
        var rows = new MemberSnapshot[_order.Count];
        for (var index = 0; index < rows.Length; index++)
        {
            rows[index] = _rows[_order[index]];
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(rows);
    }

    private static bool IsAfter(MemberSnapshot left, MemberSnapshot right) =>
        left.JoinedAt.CompareTo(right.JoinedAt) is var order && (order > 0 || (order == 0 && left.Incarnation.CompareTo(right.Incarnation) > 0));

    private static bool IsAfter(WrittenEventType left, WrittenEventType right) =>
        BytewiseOrder.Compare(left.Kind, right.Kind) is var order
        && (order > 0 || (order == 0 && BytewiseOrder.Compare(left.EventType, right.EventType) > 0));
}
