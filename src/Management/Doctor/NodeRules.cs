using AkkaScale.Management.Inspection;
using AkkaScale.Management.Reports;

namespace AkkaScale.Management.Doctor;

/// <summary>Clocks, queues and processes of the single nodes, and who could listen to them.</summary>
internal static class NodeRules
{
    private const double Filling = 0.5;
    private const double High = 0.7;
    private const double Full = 0.9;
    private static readonly TimeSpan CertificateNoticed = TimeSpan.FromDays(14);
    private static readonly TimeSpan CertificateShort = TimeSpan.FromDays(3);
    private static readonly TimeSpan NoticedSkew = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WrongSkew = TimeSpan.FromSeconds(5);

    public static IEnumerable<Finding> Judge(DoctorFacts facts) => facts.Nodes.SelectMany(node => node.Report is { } report
        ? Clock(node, report).Concat(Queues(node.Name, report.Pressure)).Concat(Process(node.Name, report.Process)).Concat(Remoting(node.Name, report.Remoting)).Concat(Certificate(node.Name, report))
        : []);

    private static IEnumerable<Finding> Clock(NodeFacts node, NodeReport report)
    {
        const string consequence = "Ownership and order go by no wall clock. Times in events do: they are wrong by as much, and an entity's times stand still until the clock has caught up.";
        if (node.ClockAhead is { } ahead && ahead.Duration() > NoticedSkew)
        {
            yield return new Finding(
                "clock/skew", ahead.Duration() > WrongSkew ? Severity.Warning : Severity.Notice,
                $"The clock of {node.Name} is {(ahead > TimeSpan.Zero ? "ahead" : "behind")}",
                $"It differs by {SettingsRules.Seconds(ahead.Duration())} from the node that was asked.", consequence,
                "See that both machines keep time by the same servers (timedatectl, chronyc tracking).");
        }

        if (report.Clock.Steps is > 0 and var steps)
        {
            yield return new Finding(
                "clock/steps", steps > 3 ? Severity.Warning : Severity.Notice, $"The clock of {node.Name} jumped",
                $"{Counted.Of(steps, "time")} since the node started.", consequence,
                "Let the time service slew the clock and not step it; a machine that was suspended steps it once.");
        }
    }

    private static IEnumerable<Finding> Queues(string name, PressureReport pressure)
    {
        if (Share(pressure.Asks, pressure.AskBound) is var asks && asks > Filling)
        {
            yield return new Finding(
                "pressure/asks", asks > Full ? Severity.Critical : Severity.Warning, $"Commands pile up at {name}",
                $"{pressure.Asks:N0} of at most {pressure.AskBound:N0} are under way.",
                "Beyond the bound callers get 429.", "See which shards have no owner or an owner that cannot be reached: pbm shards map, pbm cluster show.");
        }

        if (Share(pressure.Writes, pressure.WriteBound) is var writes && writes > Filling)
        {
            yield return new Finding(
                "pressure/writes", writes > Full ? Severity.Critical : Severity.Warning, $"Writes pile up at {name}",
                $"{pressure.Writes:N0} of at most {pressure.WriteBound:N0} wait for the journal.",
                "Beyond the bound writes fail, and their entities stop.", "See why the database takes so long (store/slow), or add a node.");
        }

        if (Share(pressure.Residents, pressure.ResidentBound) > Full)
        {
            yield return new Finding(
                "pressure/residents", Severity.Warning, $"{name} has as many entities in memory as it may",
                $"{pressure.Residents:N0} of at most {pressure.ResidentBound:N0}.",
                "Each new one drives another out, which is read from the journal when it is next needed.",
                "Raise Sharding:MaxResidentEntities if memory allows, or add a node.");
        }
    }

    private static IEnumerable<Finding> Process(string name, ProcessReport process)
    {
        if (process is { OpenFiles: { } open, FileLimit: { } limit } && Share(open, limit) is var files && files > High)
        {
            yield return new Finding(
                "process/open-files", files > Full ? Severity.Critical : Severity.Warning, $"{name} runs out of files",
                $"{open:N0} of at most {limit:N0} are open.", "New connections are refused, and the store can no longer be opened anew.",
                "Raise the limit (ulimit -n, LimitNOFILE) and restart, or lower Node:MaxGatewayConnections.");
        }

        if (Share(process.MemoryBytes, process.MemoryLimit) > Full)
        {
            yield return new Finding(
                "process/memory", Severity.Warning, $"{name} runs out of memory",
                $"The process takes {process.MemoryBytes / 1024 / 1024:N0} of {process.MemoryLimit / 1024 / 1024:N0} MiB.",
                "The system, or its container's limit, ends the process.", "Give it more memory, or lower Sharding:MaxResidentEntities.");
        }
    }

    private static IEnumerable<Finding> Remoting(string name, RemotingReport remoting)
    {
        if (remoting is { IsEncrypted: false, IsLoopback: false })
        {
            yield return new Finding(
                "remoting/plaintext", Severity.Warning, $"Remoting of {name} is in plain text",
                $"It listens on {remoting.BoundTo} without mutual TLS, as Node:AllowPlaintext permits.",
                "Whoever reaches that port controls the cluster, and whoever listens on the network reads what goes through it.",
                "Keep others out of that network.");
        }
    }

    private static IEnumerable<Finding> Certificate(string name, NodeReport report)
    {
        if (report.Remoting.CertificateEnds is { } ends && ends - report.At is var left && left < CertificateNoticed)
        {
            yield return new Finding(
                "remoting/certificate",
                left <= TimeSpan.Zero ? Severity.Critical : left < CertificateShort ? Severity.Warning : Severity.Notice,
                $"The certificate of {name} {(left > TimeSpan.Zero ? "ends soon" : "has ended")}",
                $"It ends at {ends.UtcDateTime:yyyy-MM-dd HH:mm} UTC{(left > TimeSpan.Zero ? $", in {left.TotalDays:0.0} days" : "")}.",
                "From then on no connection to it or from it is made anew: the next one that breaks parts it from the others.",
                "Put a new one into its place (pbm tls issue, or your authority) and restart the nodes one after the other.");
        }
    }

    private static double Share(long taken, long bound) => bound > 0 ? (double)taken / bound : 0;
}
