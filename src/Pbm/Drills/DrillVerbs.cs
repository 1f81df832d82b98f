using System.CommandLine;
using System.Globalization;
using System.Net;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Load;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Drills;

/// <summary>`pbm drill …`</summary>
internal static class DrillVerbs
{
    private static readonly Argument<string> Name = new("node") { Description = "Name of the node, as `pbm cluster show` has it." };
    private static readonly Option<bool> Yes = new("--yes") { Description = "Do it; without this pbm only says what it would do." };
    private static readonly Option<int> Seconds = NumberOption.Create("--seconds", 10, 1, 300, "Length of the pause.");

    private static readonly Option<string[]> Gateways = new("--gateway")
    {
        Description = "Gateways of other nodes to watch through, repeated or comma separated. Default: those that the other nodes report.",
        HelpName = "url",
    };

    public static Command Create(GlobalOptions global)
    {
        var kill = Drill(global, "kill", "Ends a node as kill -9 does, and measures how long its shards are not served.", "pbm drill kill node-2 --yes");
        var pause = Drill(global, "pause", "Stops a node for a while as a suspended machine is, and measures the same.", "pbm drill pause node-2 --seconds 10 --yes", Seconds);
        return new Command("drill", "Controlled faults: what was predicted against what is measured. The node must allow it (Node:AllowDrills).") { kill, pause };
    }

    private static Command Drill(GlobalOptions global, string kind, string description, string example, params Option[] more)
    {
        var command = new Command(kind, description) { Name, Gateways, Yes, OrderOptions.Reason, OrderOptions.By };
        foreach (var option in more)
        {
            command.Add(option);
        }

        HelpWithExamples.Register(command, example);
        command.SetAction((parsed, cancellation) => RunAsync(new Session(parsed, global), kind, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Session session, string kind, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var node = session.Parsed.GetRequiredValue(Name);
        var plan = await client.GetAsync($"/nodes/{Uri.EscapeDataString(node)}/drill", DrillJson.Default.DrillPlan, cancellation).ConfigureAwait(false);
        if (plan.Probes.Count == 0)
        {
            throw new UsageException($"{node} has no shards: there is nothing to measure");
        }

        var seconds = kind == "pause" ? session.Parsed.GetValue(Seconds) : (double?)null;
        if (!session.Parsed.GetValue(Yes))
        {
            var expected = DrillPredictions.Of(plan.Predictions, seconds).ExpectedSeconds;
            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture,
                $"this would {kind} {node}, which has {Counted.Of(plan.Probes.Count, "shard")}; expected: {expected:0.0} s until they answer again, at the worst {plan.Predictions.FailoverSeconds:0.0} s. Add --yes to do it"));
        }

        var members = await client.GetAsync("/cluster/members", ManagementJson.Default.ClusterMembers, cancellation).ConfigureAwait(false);
        var gateways = await OthersAsync(session, client, plan, members, cancellation).ConfigureAwait(false);
        var body = new DrillBody(kind, seconds, session.Parsed.GetValue(OrderOptions.Reason)!, session.Parsed.GetValue(OrderOptions.By)!);
        var run = new DrillRun(client, plan, body, gateways, AddressOf(members, plan.NodeUid), TimeProvider.System);
        await ProgressDisplay.RunAsync(session.Screen, $"drill {kind} {node}", () => Read(run), () => run.RunAsync(cancellation)).ConfigureAwait(false);
        var report = run.Report!;
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(report, DrillJson.Default.DrillReport);
        }
        else
        {
            Print(session.Screen, report);
        }

        return report.Kept ? ExitCode.Ok : ExitCode.Finding;
    }

    private static ProgressReading Read(DrillRun run) => run.Progress is var (done, total, note) ? new ProgressReading(done, total, $"shards, {note}") : default;

    /// <summary>The node's own gateway goes with it.</summary>
    private static async Task<IReadOnlyList<Uri>> OthersAsync(
        Session session, ManagementClient client, DrillPlan plan, ClusterMembers members, CancellationToken cancellation)
    {
        var named = GatewayAddresses.Parse(session.Parsed.GetValue(Gateways) ?? []);
        var candidates = named.Count > 0 ? named.Where(gateway => plan.Gateway is not { } own || !IsAt(gateway, own)).ToList()
            : await ReportedAsync(client, plan, members, cancellation).ConfigureAwait(false);
        var others = candidates.Count > 0 ? await GatewayDiscovery.FindAsync(candidates, cancellation).ConfigureAwait(false) : [];
        return others.Count > 0
            ? others
            : throw new UsageException(
                $"no gateway of another node answers ({plan.Node} has {plan.Gateway ?? "none"}): name one with --gateway http://host:port");
    }

    /// <summary>Of this cluster for certain: at the usual addresses there may be another one's.</summary>
    private static async Task<IReadOnlyList<Uri>> ReportedAsync(
        ManagementClient client, DrillPlan plan, ClusterMembers members, CancellationToken cancellation)
    {
        var nodes = await client.GetAsync("/nodes", DrillJson.Default.ReportedNodes, cancellation).ConfigureAwait(false);
        return
        [
            .. nodes.Nodes
                .Where(node => node.NodeUid != plan.NodeUid && node.Report is { } report && report.Roles.Contains("gateway"))
                .Select(node => GatewayOf(node, AddressOf(members, node.NodeUid)))
                .OfType<Uri>(),
        ];
    }

    /// <summary>A gateway that is bound to all addresses or to loopback is where the node's management is.</summary>
    private static Uri? GatewayOf(ReportedNode node, Uri? management) =>
        node.Report?.Settings?.GetValueOrDefault("Node:GatewayBind") is { } bind && IPEndPoint.TryParse(bind, out var bound) && management is not null
            ? new UriBuilder("http", IPAddress.IsLoopback(bound.Address) || bound.Address.Equals(IPAddress.Any) || bound.Address.Equals(IPAddress.IPv6Any)
                ? management.Host : bound.Address.ToString(), bound.Port).Uri
            : null;

    private static Uri? AddressOf(ClusterMembers members, string nodeUid) =>
        members.Members.FirstOrDefault(member => member.NodeUid == nodeUid)?.ManagementAddress is { Length: > 0 } address
            && Uri.TryCreate($"http://{address}", UriKind.Absolute, out var management) ? management : null;

    /// <summary>Bound to all addresses, or under another name of the same machine: the port decides on loopback.</summary>
    private static bool IsAt(Uri gateway, string bound)
    {
        var separator = bound.LastIndexOf(':');
        return bound[(separator + 1)..] == gateway.Port.ToString(CultureInfo.InvariantCulture)
            && (gateway.IsLoopback || bound[..separator] == gateway.Host);
    }

    private static void Print(Screen screen, DrillReport report)
    {
        screen.WriteLine($"{report.Kind} of {report.Node}, {Counted.Of(report.Shards, "shard")} watched through {string.Join(", ", report.Gateways)}");
        var table = screen.NewTable("", "predicted", "measured");
        table.AddRow(screen.Cell("first shard answers again"), screen.Cell($"not before {Text(report.Predicted.EarliestSeconds)}"), screen.Cell(Text(report.Measured.FirstAnswerSeconds)));
        table.AddRow(screen.Cell("half of them"), screen.Cell($"about {Text(report.Predicted.ExpectedSeconds)}"), screen.Cell(Text(report.Measured.P50Seconds)));
        table.AddRow(screen.Cell("all of them"), screen.Cell($"at the worst {Text(report.Predicted.WorstSeconds)}"), screen.Cell(Text(report.Measured.MaxSeconds)));
        table.AddRow(screen.Cell("longest silence of all"), screen.Cell(""), screen.Cell(Text(report.Measured.LongestGapSeconds)));
        screen.Write(table);
        var regions = screen.NewTable("region", "shards", "predicted", "half of them", "all of them");
        foreach (var region in report.Regions)
        {
            regions.AddRow(
                screen.Cell(region.Coordinator ? $"{region.Region}, whose coordinator it was" : region.Region),
                screen.Cell(region.Shards.ToString(CultureInfo.InvariantCulture)), screen.Cell($"about {Text(region.ExpectedSeconds)}"),
                screen.Cell(Text(region.P50Seconds)), screen.Cell(Text(region.MaxSeconds)));
        }

        screen.Write(regions);
        screen.WriteLine($"predicted: {string.Join("; ", report.Predicted.Terms.Select(term => $"{term.Name} {Text(term.Seconds)}"))}");
        if (report.Measured.Unanswered.Count > 0)
        {
            screen.WriteLine($"never answered again: {string.Join(", ", report.Measured.Unanswered)}", Color.Red);
        }

        screen.WriteLine(
            report.Kept ? "every shard answered within what the settings promise" : "not every shard answered within what the settings promise",
            report.Kept ? Color.Green : Color.Red);
        screen.WriteLine(
            report.Agrees ? "prediction and measurement agree within half a second"
                : report.Regions.Any(region => region.P50Seconds is not { } half || half > region.ExpectedSeconds)
                    ? "prediction and measurement differ by more than half a second: a busy machine, or a slow store"
                    : "it was quicker than predicted by more than half a second",
            report.Agrees ? Color.Green : Color.Yellow);
    }

    private static string Text(double? seconds) => seconds is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:0.00} s") : "never";
}
