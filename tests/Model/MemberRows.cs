using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Tests.Model;

/// <summary>Table member.</summary>
internal sealed class MemberRows
{
    private const int GoneKept = 64;

    private readonly Dictionary<Incarnation, MemberSnapshot> _rows = [];

    // By time of joining, then by incarnation.
    private readonly List<Incarnation> _order = [];
    private ImmutableArray<MemberSnapshot> _reading = [];

    /// <summary>In the order of a reading; the same array until a row changes.</summary>
    public ImmutableArray<MemberSnapshot> Reading => _reading.IsDefault ? _reading = Read() : _reading;

    public MemberSnapshot? Find(Incarnation member) => _rows.GetValueOrDefault(member);

    /// <param name="isReferred">Whether an owner, a target or the coordinator's row names a member.</param>
    public WriteOutcome Join(MemberSnapshot self, Func<Incarnation, bool> isReferred)
    {
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
            || (change.RenewCounter is { } counter && counter != member.RenewCounter))
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
}
