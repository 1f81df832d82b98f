using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.Hosting.Doctor;

/// <summary>Who is in, who reaches whom, and what orders stand.</summary>
internal static class MemberRules
{
    private static readonly TimeSpan OldOrder = TimeSpan.FromHours(24);

    public static IEnumerable<Finding> Judge(DoctorFacts facts) =>
        Coordination(facts).Concat(Reach(facts)).Concat(Versions(facts)).Concat(Orders(facts));

    private static IEnumerable<Finding> Coordination(DoctorFacts facts)
    {
        if (facts.Reading.Coordinator.Holder is not { } holder || facts.Nodes.All(node => node.Incarnation != holder))
        {
            yield return new Finding(
                "cluster/no-coordinator", Severity.Warning, "Nobody coordinates", "The coordinator's row names no living member.",
                "What is served goes on; no shard is given a new owner until somebody coordinates, which takes about a lease's time.",
                "Look again in a few seconds. If it stays, no member with the entity role is up.");
        }

        var hosts = facts.Nodes.Count(node => node.HostsShards && node.Status == MemberStatus.Up);
        if (hosts == 1)
        {
            yield return new Finding(
                "cluster/single-node", Severity.Warning, "One node hosts all shards", "No second member with the entity role is up.",
                "If it ends, nothing is served until it, or another, is started.", "Start a second node.");
        }
    }

    private static IEnumerable<Finding> Reach(DoctorFacts facts)
    {
        foreach (var node in facts.Nodes)
        {
            if (node.UnreachableBy.Count > 0)
            {
                yield return new Finding(
                    "cluster/unreachable", Severity.Critical, $"{node.Name} cannot be reached by others",
                    $"{string.Join(", ", node.UnreachableBy)} have no connection with {node.Name}, which renews its lease.",
                    $"Commands that come through them for shards of {node.Name} wait and then fail. A member that most cannot reach is sent away by the coordinator.",
                    "Look at the network between them, at firewalls on the cluster port, and whether Cluster:Secret and the certificates are the same; their logs name the reason.");
            }
            else if (!node.Answered)
            {
                yield return new Finding(
                    "cluster/no-report", Severity.Warning, $"{node.Name} gave no report", "It did not answer the question within its time.",
                    "Its settings, its clock and how full its queues are stay unknown; it may be paused or overloaded.",
                    "Ask again; if it stays silent look at that node's log.");
            }

            if (node.Status == MemberStatus.Joining)
            {
                yield return new Finding(
                    "cluster/joining", Severity.Notice, $"{node.Name} is joining", $"{node.Name} is a member but not up.",
                    "It gets no shards before it is connected with every member that is up.", "Look again in a few seconds; if it stays, its log says whom it waits for.");
            }
        }
    }

    private static IEnumerable<Finding> Versions(DoctorFacts facts)
    {
        var versions = facts.Nodes.GroupBy(node => node.Version, node => node.Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).ToArray();
        if (versions.Length > 1)
        {
            yield return new Finding(
                "cluster/version-skew", Severity.Notice, "Nodes run different versions",
                string.Join("; ", versions.Select(version => $"{version.Key} on {string.Join(", ", version.Order(StringComparer.Ordinal))}")) + ".",
                "An event that only the newer ones read makes its entity unreadable on the older ones: a version may write only what the one before it reads.",
                "Finish the rolling restart.");
        }
    }

    private static IEnumerable<Finding> Orders(DoctorFacts facts)
    {
        foreach (var order in facts.Reading.Orders)
        {
            var age = facts.At - order.At;
            if (age > OldOrder)
            {
                yield return new Finding(
                    "orders/old", Severity.Warning, $"{order.NodeName} has been under an order for long",
                    $"{order.Kind.ToString().ToLowerInvariant()} since {order.At:u}, by {(order.ByWhom.Length > 0 ? order.ByWhom : "unknown")}: {(order.Reason.Length > 0 ? order.Reason : "no reason was given")}.",
                    "The other nodes carry its share, and it takes nothing when one of them dies.",
                    $"If it was forgotten: pbm node uncordon {order.NodeName}.");
            }
        }

        var closed = facts.Reading.Orders.Select(order => order.NodeName).ToHashSet(StringComparer.Ordinal);
        var hosts = facts.Nodes.Where(node => node.HostsShards && node.Status == MemberStatus.Up).ToArray();
        if (hosts.Length > 0 && hosts.All(node => closed.Contains(node.Name)))
        {
            yield return new Finding(
                "orders/nobody-left", Severity.Critical, "No node may take shards", "Every node with the entity role is cordoned or drained.",
                "The shards of a node that dies are not served until one is uncordoned.", "Uncordon at least one: pbm node uncordon <name>.");
        }
    }
}
