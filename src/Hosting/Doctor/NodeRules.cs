namespace AkkaScale.Hosting.Doctor;

/// <summary>Clocks and queues of the single nodes.</summary>
internal static class NodeRules
{
    private static readonly TimeSpan NoticedSkew = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WrongSkew = TimeSpan.FromSeconds(5);
    private const double Filling = 0.5;
    private const double Full = 0.9;

    public static IEnumerable<Finding> Judge(DoctorFacts facts) => facts.Nodes.SelectMany(node => Clock(node).Concat(Rooms(node)));

    private static IEnumerable<Finding> Clock(NodeFacts node)
    {
        const string consequence = "Ownership and order go by no wall clock. Times in events do: they are wrong by as much, and an entity's times stand still until the clock has caught up.";
        if (node.ClockAhead is { } ahead && ahead.Duration() > NoticedSkew)
        {
            yield return new Finding(
                "clock/skew", ahead.Duration() > WrongSkew ? Severity.Warning : Severity.Notice, $"The clock of {node.Name} is {(ahead > TimeSpan.Zero ? "ahead" : "behind")}",
                $"It differs by {SettingsRules.Seconds(ahead.Duration())} from the node that was asked.", consequence,
                "See that both machines keep time by the same servers (timedatectl, chronyc tracking).");
        }

        if (node.ClockSteps is > 0 and var steps)
        {
            yield return new Finding(
                "clock/steps", steps > 3 ? Severity.Warning : Severity.Notice, $"The clock of {node.Name} jumped",
                $"{steps} times since the node started.", consequence,
                "Let the time service slew the clock and not step it; a machine that was suspended steps it once.");
        }
    }

    private static IEnumerable<Finding> Rooms(NodeFacts node)
    {
        if (node.Pressure is not { } pressure)
        {
            yield break;
        }

        if (Share(pressure.RouterWaiting, pressure.RouterBound) is var waiting && waiting > Filling)
        {
            yield return new Finding(
                "pressure/router", waiting > Full ? Severity.Critical : Severity.Warning, $"Commands pile up at {node.Name}",
                $"{pressure.RouterWaiting:N0} of at most {pressure.RouterBound:N0} wait for a shard's owner.",
                "Beyond the bound callers get 503.", "See which shards have no owner or an owner that cannot be reached: pbm shards map, pbm cluster show.");
        }

        if (Share(pressure.Residents, pressure.ResidentBound) > Full)
        {
            yield return new Finding(
                "pressure/residents", Severity.Warning, $"{node.Name} has as many entities in memory as it may",
                $"{pressure.Residents:N0} of at most {pressure.ResidentBound:N0}.",
                "Each new one drives another out, which is read from the journal when it is next needed.",
                "Raise Sharding:MaxResidentEntities if memory allows, or add a node.");
        }

        if (pressure.RecoveriesWaiting > pressure.RecoveryLimit * 4)
        {
            yield return new Finding(
                "pressure/recoveries", Severity.Warning, $"Entities wait to be loaded at {node.Name}",
                $"{pressure.RecoveriesWaiting:N0} wait, {pressure.RecoveryLimit:N0} are loaded at a time.",
                "Their commands wait as long.", "After a takeover this passes by itself. If it stays the store is slow (store/slow), or too many entities leave memory (pressure/residents).");
        }

        if (pressure is { OpenFiles: { } open, FileLimit: { } limit } && Share(open, limit) is var files && files > 0.7)
        {
            yield return new Finding(
                "process/open-files", files > Full ? Severity.Critical : Severity.Warning, $"{node.Name} runs out of files",
                $"{open:N0} of at most {limit:N0} are open.", "New connections are refused, and the store can no longer be opened anew.",
                "Raise the limit (ulimit -n, LimitNOFILE) and restart, or lower Node:MaxGatewayConnections.");
        }
    }

    private static double Share(long taken, long bound) => bound > 0 ? (double)taken / bound : 0;
}
