using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Tests.Store.Model;

/// <summary>Members, coordinator, targets, orders, pins and moves.</summary>
internal sealed partial class OperationSource
{
    private StoreOperation Join() => random.Next(6) switch
    {
        0 => new StoreOperation.Join(model.Read().Members[0]) { Tag = "again" },
        _ => new StoreOperation.Join(NewMember()),
    };

    private StoreOperation Revive()
    {
        var joining = model.Read().Members.Where(row => row.Status == MemberStatus.Joining).ToArray();
        return joining.Length == 0
            ? new StoreOperation.Join(NewMember())
            : new StoreOperation.Change(new StatusChange(joining[0].Incarnation, [MemberStatus.Joining], MemberStatus.Up, null, "up"));
    }

    /// <param name="isKept">Whether it does anything later.</param>
    private MemberSnapshot NewMember(bool isKept = true)
    {
        var incarnation = NewIncarnation(random);
        if (isKept)
        {
            _members.Add(incarnation);
        }

        string[] roles = random.Next(4) switch { 0 => ["gateway"], 1 => ["entity", "gateway"], _ => ["entity"] };
        return new MemberSnapshot(
            incarnation, Pick(NodeNames), "127.0.0.1:1", "127.0.0.1:2", [.. roles], "0.1.0", MemberStatus.Joining, 0, At(), "started");
    }

    private StoreOperation Change()
    {
        var rows = model.Read().Members.Where(row => _members.Contains(row.Incarnation) && row.Status is not (MemberStatus.Dead or MemberStatus.Removed)).ToArray();
        if (rows.Length == 0 || Chance(0.05))
        {
            return new StoreOperation.Change(new StatusChange(Pick(_strangers), Enum.GetValues<MemberStatus>(), MemberStatus.Up, null, "?")) { Tag = "stranger" };
        }

        var row = Pick(rows);
        var to = row.Status switch
        {
            MemberStatus.Joining => MemberStatus.Up,
            MemberStatus.Up => Chance(0.5) ? MemberStatus.Leaving : MemberStatus.Down,
            MemberStatus.Leaving => Chance(0.5) ? MemberStatus.Removed : MemberStatus.Down,
            _ => MemberStatus.Dead,
        };
        MemberStatus[] from = [row.Status, MemberStatus.Leaving];
        return random.Next(5) switch
        {
            0 => Made(from.Append(MemberStatus.Up), row.RenewCounter + (Chance(0.5) ? 1 : -1), "stale counter"),
            1 => Made(Enum.GetValues<MemberStatus>().Where(status => status != row.Status), null, "other status"),
            2 => Made(from, row.RenewCounter, "counter"),
            _ => Made(from, null, ""),
        };

        StoreOperation Made(IEnumerable<MemberStatus> statuses, long? counter, string tag) =>
            new StoreOperation.Change(new StatusChange(row.Incarnation, [.. statuses.Distinct()], to, counter, $"to {to}")) { Tag = tag };
    }

    private StoreOperation Publish() => new StoreOperation.Publish(
        Chance(0.2) ? Pick(_strangers) : Pick(_members), Chance(0.3) ? [] : Some(_members, 2));

    private StoreOperation Renew()
    {
        var self = Chance(0.1) ? Pick(_strangers) : Pick(_members);
        var row = model.Read().Members.FirstOrDefault(row => row.Incarnation == self);
        var isStale = Chance(0.2);
        return new StoreOperation.Renew(self, (row?.RenewCounter ?? 0) + (isStale ? Pick([-1, 1]) : 0))
        {
            Tag = row is null ? "stranger" : isStale ? "stale counter" : row.IsLive ? "live" : "not live",
        };
    }

    private StoreOperation Claim()
    {
        var term = model.Read().Coordinator;
        return random.Next(4) switch
        {
            0 => new StoreOperation.Claim(term with { Term = term.Term - 1 }, Pick(_members)) { Tag = "old term" },
            1 => new StoreOperation.Claim(term with { Holder = Pick(_strangers) }, Pick(_members)) { Tag = "other holder" },
            _ => new StoreOperation.Claim(term, Pick(_members)),
        };
    }

    private StoreOperation WriteTargets(int times)
    {
        var term = model.Read().Coordinator;
        var (written, tag) = random.Next(times > 1 ? 4 : 6) switch
        {
            4 => (term with { Term = term.Term - 1 }, "old term"),
            5 => (term with { Holder = Pick(_strangers) }, "other holder"),
            _ => (term, term.Holder is null ? "nobody" : times > 1 ? "many" : ""),
        };
        var targets = Some(Enumerable.Range(0, StoreParty.ShardCount), times > 1 ? 1 : 3)
            .Select(shard => new ShardTarget(shard, Pick(_members), $"moved at {_step}", Pick(_strangers), 99)
            {
                Numbers = Chance(0.5) ? "" : "{\"load\":1}",
                EndsMove = Ending(shard),
            });
        return new StoreOperation.WriteTargets(written, [.. targets], times) { Tag = tag };
    }

    // The order that stands, one that differs by a little, or one of a shard that has none.
    private ShardMove? Ending(int shard)
    {
        var standing = model.Read().Moves.FirstOrDefault(move => move.Shard == shard)
            ?? new ShardMove(shard, Pick(NodeNames), 1, "", "", At());
        return random.Next(4) switch
        {
            0 => null,
            1 => standing with { ExpectedEpoch = standing.ExpectedEpoch + 1 },
            2 => standing with { NodeName = standing.NodeName + "'" },
            _ => standing with { Reason = "", At = At() },
        };
    }

    // Wherever shrinking leaves a coordinator, an order to move ends with a decision.
    private StoreOperation EndMove()
    {
        var term = model.Read().Coordinator;
        var self = Pick(_members);
        var move = new ShardMove(2, "node-1", model.Read().Owners[2].Epoch, "once", "bob", At());
        _next.Enqueue(new StoreOperation.Claim(term, self));
        _next.Enqueue(new StoreOperation.WriteTargets(
            new CoordinatorTerm(self, term.Term + 1), [new ShardTarget(2, self, "it is there", self, 0) { EndsMove = move }], 1)
        { Tag = "ends a move" });
        return new StoreOperation.Move(move);
    }

    private StoreOperation Moving()
    {
        var shard = random.Next(StoreParty.ShardCount);
        var epoch = model.Read().Owners[shard].Epoch;
        var move = new ShardMove(shard, Pick(NodeNames), epoch, Chance(0.3) ? "" : "it's \"noisy\"", "bob", At());
        return random.Next(6) switch
        {
            0 => new StoreOperation.Move(move with { ExpectedEpoch = epoch + Pick([-1, 1]) }) { Tag = "other epoch" },
            1 => new StoreOperation.Move(move with { Shard = StoreParty.ShardCount + 3 }) { Tag = "no shard" },
            _ => new StoreOperation.Move(move),
        };
    }

    private StoreOperation Order() => Chance(0.3)
        ? new StoreOperation.ClearOrder(Pick(NodeNames))
        : new StoreOperation.Order(new NodeOrder(Pick(NodeNames), Pick(Enum.GetValues<NodeOrderKind>()), Chance(0.3) ? "" : "because", "ann", At()));

    private StoreOperation Pinning() => Chance(0.4)
        ? new StoreOperation.Unpin(model.Read().Pins is { Length: > 0 } pins && Chance(0.7) ? pins[0].Shard : random.Next(StoreParty.ShardCount))
        : new StoreOperation.Pin(new ShardPin(random.Next(StoreParty.ShardCount), Pick(NodeNames), "near", "bob", At()));
}
