using AkkaScale.Hosting.Options;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.Hosting.Doctor;

/// <summary>Is every shard owned, and are they shared out?</summary>
internal static class ShardRules
{
    /// <summary>Beyond this the fullest node's share is no accident of loads any more.</summary>
    private const double UnevenBeyond = 2.0;

    public static IEnumerable<Finding> Judge(DoctorFacts facts) => Ownership(facts).Concat(Balance(facts)).Concat(Pins(facts));

    private static IEnumerable<Finding> Ownership(DoctorFacts facts)
    {
        var living = facts.Nodes.Select(node => node.Incarnation).ToHashSet();
        var orphans = facts.Reading.Owners.Where(owner => owner.Owner is not { } holder || !living.Contains(holder)).Select(owner => owner.Shard).ToArray();
        if (orphans.Length > 0)
        {
            yield return new Finding(
                "shards/unowned", Severity.Critical, "Shards are not served",
                $"{orphans.Length} of {facts.Reading.Owners.Length} shards have no living owner: {Some(orphans)}.",
                "Commands to their entities wait, and fail when their time is over.",
                "While a node is being replaced this lasts seconds: look again. If it stays, see whether any node may take shards (pbm cluster show) and why not (pbm shards why <n>).");
        }

        var owners = facts.Reading.Owners.ToDictionary(owner => owner.Shard, owner => owner.Owner);
        var moving = facts.Reading.Targets.Count(target => owners.GetValueOrDefault(target.Shard) is { } holder && holder != target.Target);
        if (moving > 0)
        {
            yield return new Finding(
                "shards/moving", Severity.Notice, "Shards are on their way", $"{moving} shards are not yet where they belong.",
                "Each pauses for milliseconds when its turn comes.", "Nothing; pbm shards plan shows what is left.");
        }
    }

    private static IEnumerable<Finding> Balance(DoctorFacts facts)
    {
        var closed = facts.Reading.Orders.Select(order => order.NodeName).ToHashSet(StringComparer.Ordinal);
        var hosts = facts.Nodes.Where(node => node.HostsShards && node.Status == MemberStatus.Up && !closed.Contains(node.Name)).ToArray();
        if (hosts.Length < 2)
        {
            yield break;
        }

        var counts = facts.Reading.Owners.Where(owner => owner.Owner is not null).CountBy(owner => owner.Owner!.Value).ToDictionary();
        var shares = hosts.Select(node => (node.Name, Shards: counts.GetValueOrDefault(node.Incarnation))).OrderByDescending(share => share.Shards).ToArray();
        var average = shares.Average(share => share.Shards);
        if (shares[0].Shards > average * UnevenBeyond || (shares[^1].Shards == 0 && average >= 1))
        {
            yield return new Finding(
                "shards/uneven", Severity.Warning, "Shards are shared out unevenly",
                $"{string.Join(", ", shares.Select(share => $"{share.Name} has {share.Shards}"))}.",
                "One node carries the work, and when it dies more has to be taken over than need be.",
                "pbm shards plan says what the coordinator would do; pins and a hot shard may be the reason.");
        }
    }

    private static IEnumerable<Finding> Pins(DoctorFacts facts)
    {
        var there = facts.Nodes.Where(node => node.HostsShards).Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        var waiting = facts.Reading.Pins.Where(pin => !there.Contains(pin.NodeName)).ToArray();
        if (waiting.Length > 0)
        {
            yield return new Finding(
                "shards/pins-waiting", Severity.Notice, "Pins name nodes that are not there",
                $"{string.Join("; ", waiting.GroupBy(pin => pin.NodeName, pin => pin.Shard).Select(group => $"{group.Key}: {Some([.. group])}"))}.",
                "The shards live elsewhere meanwhile, and move as soon as that node is up.", "If the node will not come back: pbm shards unpin <n>.");
        }
    }

    private static string Some(int[] shards) => string.Join(", ", shards.Take(10)) + (shards.Length > 10 ? ", …" : "");
}
