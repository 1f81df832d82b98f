using AkkaScale.Management.Inspection;

namespace AkkaScale.Management.Doctor;

/// <summary>Is every shard owned, and are they shared out?</summary>
internal static class ShardRules
{
    /// <summary>Beyond this the fullest node's share is no accident any more.</summary>
    private const double UnevenBeyond = 2.0;

    public static IEnumerable<Finding> Judge(DoctorFacts facts) => Ownership(facts).Concat(Balance(facts)).Concat(Mode(facts));

    /// <summary>Shards whose lease no living process holds, each at its epoch. One that never ran waits for its first command, and is none.</summary>
    public static IEnumerable<(string Shard, long Epoch)> Orphans(ClusterSight sight)
    {
        var living = MemberShow.Shown(sight).Where(row => row.IsLive).Select(row => row.Incarnation).ToHashSet(StringComparer.Ordinal);
        return sight.Regions.SelectMany(region => region.Leases.Select((lease, shard) => (Shard: $"{region.Name}/{shard}", Lease: lease)))
            .Where(each => each.Lease.Epoch > 0 && (each.Lease.Owner is not { } owner || !living.Contains(owner)))
            .Select(each => (each.Shard, each.Lease.Epoch));
    }

    private static IEnumerable<Finding> Ownership(DoctorFacts facts)
    {
        var all = facts.Sight.Regions
            .SelectMany(region => region.Leases.Select((lease, shard) => (Name: $"{region.Name}/{shard}", Lease: lease, Home: region.HomeOf(shard))))
            .ToArray();

        var before = facts.Earlier is { } earlier ? Orphans(earlier).ToHashSet() : null;
        var orphans = Orphans(facts.Sight).Where(orphan => before?.Contains(orphan) != false).Select(orphan => orphan.Shard).ToArray();
        if (orphans.Length > 0)
        {
            yield return new Finding(
                "shards/unowned", Severity.Critical, "Shards are not served",
                $"{orphans.Length} of {Counted.Of(all.Length, "shard")} {(orphans.Length == 1 ? "has" : "have")} no living owner: {Some(orphans)}.",
                "Commands to their entities wait, and fail when their time is over.",
                "While a node is being replaced this lasts seconds: look again. If it stays, see whether a member with the entity role is up (pbm cluster show).");
        }

        var moving = all.Count(shard => facts.Sight.At(shard.Home) is { } home && facts.Sight.Find(shard.Lease.Owner) is { } owner
            && home.Incarnation != owner.Incarnation);
        if (moving > 0)
        {
            yield return new Finding(
                "shards/moving", Severity.Notice, "Shards are on their way", $"{Counted.Of(moving, "shard is", "shards are")} not yet where {(moving == 1 ? "it belongs" : "they belong")}.",
                "Each pauses for a moment when its turn comes.", "Nothing; pbm shards map --watch shows what is left.");
        }
    }

    private static IEnumerable<Finding> Balance(DoctorFacts facts)
    {
        var hosts = facts.Hosts.Where(node => facts.Sight.OrderOf(node.Name) is null).ToArray();
        if (hosts.Length < 2)
        {
            yield break;
        }

        var counts = facts.Shares;
        var shares = hosts.Select(node => (node.Name, Shards: counts.GetValueOrDefault(node.Incarnation))).OrderByDescending(share => share.Shards).ToArray();
        var average = shares.Average(share => share.Shards);
        if (shares[0].Shards > average * UnevenBeyond || (shares[^1].Shards == 0 && average >= 1))
        {
            yield return new Finding(
                "shards/uneven", Severity.Warning, "Shards are shared out unevenly",
                $"{string.Join(", ", shares.Select(share => $"{share.Name} has {share.Shards}"))}.",
                "One node carries the work, and when it dies more has to be taken over than need be.",
                "After a change of members this takes up to 30 s; at once: pbm shards rebalance.");
        }
    }

    private static IEnumerable<Finding> Mode(DoctorFacts facts)
    {
        if (MovePauses.Manual(facts.Sight) is { } manual)
        {
            yield return new Finding(
                "shards/manual", Severity.Notice, "Shards are moved by order alone", $"{manual}.",
                "A node that joins is given no shards, and a busy one gives none away.",
                "pbm shards plan shows what would move, pbm shards rebalance moves it; Sharding:Allocation:Mode Automatic leaves it to the coordinators.");
        }
    }

    private static string Some(string[] shards) => string.Join(", ", shards.Take(10)) + (shards.Length > 10 ? ", …" : "");
}
