using System.Globalization;
using AkkaScale.Hosting.Options;

namespace AkkaScale.Hosting.Doctor;

/// <summary>Settings that contradict one another, on one node and between nodes.</summary>
internal static class SettingsRules
{
    /// <summary>Those that only work when every member has the same.</summary>
    private static readonly (string Prefix, Severity Severity, string Consequence)[] Shared =
    [
        ("Cluster:LeaseTtl", Severity.Critical, "A member with a shorter lifetime declares others dead that still serve by their own longer one: reads may be stale, and takeovers come for nothing."),
        ("Cluster:ClockDrift", Severity.Critical, "Whoever allows for less drift takes over before the other has stopped serving: reads may be stale."),
        ("Allocation:", Severity.Warning, "The coordinator's settings count, and any member may become coordinator: shards would move when it changes."),
        ("Sharding:CommandWindow", Severity.Warning, "How long a retry gets its first answer depends on which node owns the shard."),
        ("Sharding:CloseChannelsAfter", Severity.Warning, "A receiver may forget a sender that its own node would still send for."),
    ];

    public static IEnumerable<Finding> Judge(DoctorFacts facts, Predictions predictions) =>
        Differing(facts).Concat(Own(facts.Options, predictions));

    private static IEnumerable<Finding> Differing(DoctorFacts facts)
    {
        var said = facts.Nodes.Where(node => node.Settings is not null).ToArray();
        foreach (var name in said.SelectMany(node => node.Settings!.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (Shared.FirstOrDefault(shared => name.StartsWith(shared.Prefix, StringComparison.Ordinal)) is not { Prefix: not null } rule)
            {
                continue;
            }

            var values = said.Where(node => node.Settings!.ContainsKey(name))
                .GroupBy(node => node.Settings![name], node => node.Name, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .ToArray();
            if (values.Length > 1)
            {
                var seen = string.Join("; ", values.Select(value => $"{value.Key} on {string.Join(", ", value.Order(StringComparer.Ordinal))}"));
                yield return new Finding(
                    "settings/differ", rule.Severity, $"{name} differs between nodes", $"{name} is {seen}.", rule.Consequence,
                    $"Set {name} to one value on every node and restart them one after the other.");
            }
        }
    }

    private static IEnumerable<Finding> Own(AkkaScaleOptions options, Predictions predictions)
    {
        var (cluster, node, sharding) = (options.Cluster, options.Node, options.Sharding);
        if (sharding.MaxTimeout < predictions.FailoverTime)
        {
            yield return new Finding(
                "settings/timeout-below-failover", Severity.Warning, "Callers give up before a failover is over",
                $"Sharding:MaxTimeout is {Seconds(sharding.MaxTimeout)}, a failover may take {Seconds(predictions.FailoverTime)}.",
                "Commands to the shards of a node that died fail, although a little patience would have had them answered.",
                "Raise Sharding:MaxTimeout above the failover time, or shorten Cluster:LeaseTtl.");
        }

        // A stop hands off so many shards at a time, each within the pause limit and its copying; a leaving node has four fifths of the time.
        var drain = sharding.HandoffPauseLimit * Math.Ceiling((double)cluster.ShardCount / cluster.MaxHandoffs / 4);
        if (node.ShutdownTimeout * 0.8 < drain)
        {
            yield return new Finding(
                "settings/shutdown-short", Severity.Notice, "A stop may end before all shards are handed off",
                $"Node:ShutdownTimeout is {Seconds(node.ShutdownTimeout)}; with a quarter of {cluster.ShardCount} shards, {cluster.MaxHandoffs} at a time, handing off takes up to {Seconds(drain)}.",
                "What is left when the time is over waits for the lease to run out, as after a crash.",
                "Raise Node:ShutdownTimeout or Cluster:MaxHandoffs.");
        }

        if (cluster.LeaseTtl < TimeSpan.FromSeconds(1))
        {
            yield return new Finding(
                "settings/lease-short", Severity.Notice, "The lease is short",
                $"Cluster:LeaseTtl is {Seconds(cluster.LeaseTtl)}: a node renews every {Seconds(cluster.RenewInterval)}.",
                "A pause of the machine, or a store that hesitates, costs a node its shards.",
                "Keep it only where machines and store are known to be steady; 00:00:02 is the default.");
        }

        if (node.AllowDrills && !node.ManagementBind.StartsWith("127.", StringComparison.Ordinal) && !node.ManagementBind.StartsWith("[::1]", StringComparison.Ordinal))
        {
            yield return new Finding(
                "settings/drills-allowed", Severity.Notice, "Drills are allowed on a port that others reach",
                $"Node:AllowDrills is true and the management port is bound to {node.ManagementBind}.",
                "Whoever may give orders there may end this node's process.",
                "Set Node:AllowDrills to false when the drill is over.");
        }
    }

    internal static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
