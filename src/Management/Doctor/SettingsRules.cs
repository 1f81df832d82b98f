using System.Globalization;
using AkkaScale.Management.Access;

namespace AkkaScale.Management.Doctor;

/// <summary>Settings that contradict one another, on one node and between nodes.</summary>
internal static class SettingsRules
{
    /// <summary>Those that only work when every member has the same.</summary>
    private static readonly (string Prefix, Severity Severity, string Consequence)[] Shared =
    [
        ("Cluster:TimeToLive", Severity.Critical, "A member with a shorter one declares others dead that still serve by their own longer one: reads may be stale, and takeovers come for nothing."),
        ("Sharding:Allocation:", Severity.Warning, "The coordinator's settings count, and any member may become coordinator: shards would move otherwise when it changes."),
    ];

    private static readonly TimeSpan ShortTimeToLive = TimeSpan.FromSeconds(1);

    public static IEnumerable<Finding> Judge(DoctorFacts facts, Predictions predictions) => Differing(facts).Concat(Own(facts, predictions));

    private static IEnumerable<Finding> Differing(DoctorFacts facts)
    {
        var said = facts.Nodes.Where(node => node.Report is not null).Select(node => (node.Name, node.Report!.Settings)).ToArray();
        foreach (var name in said.SelectMany(node => node.Settings.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (Shared.FirstOrDefault(shared => name.StartsWith(shared.Prefix, StringComparison.Ordinal)) is not { Prefix: not null } rule)
            {
                continue;
            }

            var values = said.Where(node => node.Settings.ContainsKey(name))
                .GroupBy(node => node.Settings[name], node => node.Name, StringComparer.Ordinal)
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

    private static IEnumerable<Finding> Own(DoctorFacts facts, Predictions predictions)
    {
        if (facts.Sharding.MaxTimeout < predictions.FailoverTime)
        {
            yield return new Finding(
                "settings/timeout-below-failover", Severity.Warning, "Callers give up before a failover is over",
                $"Sharding:MaxTimeout is {Seconds(facts.Sharding.MaxTimeout)}, a failover may take {Seconds(predictions.FailoverTime)}.",
                "Commands to the shards of a node that died fail, although a little patience would have had them answered.",
                "Raise Sharding:MaxTimeout above the failover time, or shorten Cluster:TimeToLive.");
        }

        if (facts.Liveness.TimeToLive < ShortTimeToLive)
        {
            yield return new Finding(
                "settings/time-to-live-short", Severity.Notice, "The time to live is short",
                $"Cluster:TimeToLive is {Seconds(facts.Liveness.TimeToLive)}: a node renews every {Seconds(facts.Liveness.RenewInterval)}.",
                "A pause of the machine, or a store that hesitates, costs a node its shards, and its process.",
                "Keep it only where machines and store are known to be steady; 00:00:02 is the default.");
        }

        if (facts.Self.AllowDrills && !ManagementOptions.IsLoopback(facts.Self.ManagementBind))
        {
            yield return new Finding(
                "settings/drills-allowed", Severity.Notice, "Drills are allowed on a port that others reach",
                $"Node:AllowDrills is true and the management port is bound to {facts.Self.ManagementBind}.",
                "Whoever may give orders there may end this node's process.",
                "Set Node:AllowDrills to false when the drill is over.");
        }
    }

    internal static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
