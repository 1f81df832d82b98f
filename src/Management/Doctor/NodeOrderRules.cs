using System.Globalization;
using AkkaScale.Cluster.Orders;

namespace AkkaScale.Management.Doctor;

/// <summary>What was ordered about nodes, and may have been forgotten.</summary>
internal static class NodeOrderRules
{
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromDays(1);

    public static IEnumerable<Finding> Judge(DoctorFacts facts) =>
        All(facts).Concat(facts.Sight.Orders.Nodes.SelectMany(order => Of(facts, order)));

    private static IEnumerable<Finding> All(DoctorFacts facts)
    {
        if (facts.Hosts.Any() && facts.Hosts.All(node => facts.Sight.OrderOf(node.Name) is not null))
        {
            yield return new Finding(
                "nodes/all-closed", Severity.Warning, "No node takes shards",
                $"{string.Join(", ", facts.Hosts.Select(node => node.Name))} are all cordoned or drained.",
                "Nothing is balanced or drained; a shard that needs a home gets one on a closed node.", "pbm node uncordon, for at least one of them.");
        }
    }

    private static IEnumerable<Finding> Of(DoctorFacts facts, NodeOrder order)
    {
        var (verb, mend) = (order.Kind == NodeOrderKind.Drain ? "drained" : "cordoned", $"pbm node uncordon {order.NodeName}, when it is no longer wanted.");
        var by = $"by {(order.By.Length == 0 ? "an operator" : order.By)}{(order.Reason.Length == 0 ? "" : $": {order.Reason}")}";
        if (facts.Nodes.All(node => node.Name != order.NodeName))
        {
            yield return new Finding(
                "nodes/order-without-node", Severity.Warning, $"{order.NodeName} is {verb}, and not there",
                $"No live member has the name {order.NodeName}, which was {verb} {by}.", "A node that is started under it gets no shards.", mend);
        }
        else if (facts.At - order.At.ToUniversalTime() is var age && age > ForgottenAfter)
        {
            yield return new Finding(
                "nodes/order-old", Severity.Warning, $"{order.NodeName} has been {verb} for long",
                string.Create(CultureInfo.InvariantCulture, $"For {age.TotalDays:0.#} {(age.TotalDays is >= 0.95 and < 1.05 ? "day" : "days")}, {by}."),
                "The other nodes carry its share, and when one of them dies it takes none over.", mend);
        }
    }
}
