using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Cluster;

/// <summary>`pbm cluster …`</summary>
internal static class ClusterVerbs
{
    public static Command Create(GlobalOptions global)
    {
        var show = new Command("show", "Members of the cluster, as the answering node sees them.");
        HelpWithExamples.Register(show, "pbm cluster show --node 127.0.0.1:8559");
        show.SetAction((parsed, cancellation) => ShowAsync(new Session(parsed, global), cancellation));

        var status = new Command("status", "Store, coordinator, members and shards in a few lines; exit code 1 unless the node is ready.");
        HelpWithExamples.Register(status, "pbm cluster status --json");
        status.SetAction((parsed, cancellation) => StatusAsync(new Session(parsed, global), cancellation));

        var leader = new Command("leader", "Akka's leader: the member that lets others join and leave; exit code 1 if there is none.");
        HelpWithExamples.Register(leader, "pbm cluster leader");
        leader.SetAction((parsed, cancellation) => LeaderAsync(new Session(parsed, global), cancellation));

        return new Command("cluster", "The cluster as a whole.")
        {
            show.Watchable(), status.Watchable(), leader.Watchable(), MemberVerbs.CreateLeave(global), MemberVerbs.CreateDown(global),
            MemberVerbs.CreateDownUnreachable(global), HistoryVerb.Create(global).Watchable(), RolloutVerb.Create(global).Watchable(), TailVerb.Create(global),
        };
    }

    private static async Task<int> ShowAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var members = await client.GetAsync("/cluster/members", ManagementJson.Default.ClusterMembers, cancellation).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(members, ManagementJson.Default.ClusterMembers);
            return ExitCode.Ok;
        }

        var screen = session.Screen;
        var unreachable = members.Unreachable.Select(node => node.Node).ToHashSet(StringComparer.Ordinal);
        var table = screen.NewTable("name", "status", "roles", "shards", "address", "");
        for (var column = 1; column <= 4; column++)
        {
            table.Columns[column].NoWrap = true;
        }

        foreach (var member in members.Members)
        {
            var notes = new List<string>();
            if (member.Node == members.Leader)
            {
                notes.Add("leader");
            }

            if (member.Node == members.SelfNode)
            {
                notes.Add("answering");
            }

            if (unreachable.Contains(member.Node))
            {
                notes.Add("unreachable");
            }

            if (member.Order is { } order)
            {
                notes.Add(
                    $"{(order.Kind == "drain" ? member.Shards == 0 ? "drained" : "draining" : "cordoned")} by {(order.By.Length == 0 ? "an operator" : order.By)}"
                    + (order.Reason.Length == 0 ? "" : $": {order.Reason}"));
            }

            if (!string.IsNullOrEmpty(member.Reason))
            {
                notes.Add(member.Reason);
            }

            table.AddRow(
                screen.Cell(member.Name), screen.Cell(member.Status, ColorOf(member.Status)), screen.Cell(string.Join(',', member.Roles)),
                screen.Cell(member.Shards.ToString(CultureInfo.InvariantCulture)), screen.Cell(member.Node[(member.Node.IndexOf('@', StringComparison.Ordinal) + 1)..]),
                screen.Cell(string.Join(", ", notes)));
        }

        screen.Write(table);
        foreach (var node in members.Unreachable)
        {
            screen.WriteLine($"unreachable: {node.Node}, seen by {string.Join(", ", node.ObservedBy)}", Color.Red);
        }

        foreach (var death in (await RecentDeaths.ReadAsync(client, cancellation).ConfigureAwait(false)).DistinctBy(one => one.Name))
        {
            var isBack = members.Members.Any(member => member.Name == death.Name && member.Status == "Up");
            screen.WriteLine(
                $"{death.Name} died at {RecentDeaths.Moment(death):yyyy-MM-dd HH:mm:ss} UTC{(isBack ? ", and is back" : "")}: {RecentDeaths.Why(death)}",
                isBack ? null : Color.Red);
        }

        return ExitCode.Ok;
    }

    private static async Task<int> StatusAsync(Session session, CancellationToken cancellation)
    {
        var status = await session.GetAsync("/cluster/status", ManagementJson.Default.ClusterStatus, cancellation).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(status, ManagementJson.Default.ClusterStatus);
        }
        else
        {
            Print(session.Screen, status);
        }

        return status.Ready ? ExitCode.Ok : ExitCode.Finding;
    }

    private static async Task<int> LeaderAsync(Session session, CancellationToken cancellation)
    {
        var members = await session.GetAsync("/cluster/members", ManagementJson.Default.ClusterMembers, cancellation).ConfigureAwait(false);
        var leader = members.Leader is { } address
            ? new NodeShape(members.Members.FirstOrDefault(member => member.Node == address)?.Name ?? address, address)
            : null;
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(new LeaderShape(leader), ShellJson.Default.LeaderShape);
        }
        else if (leader is not null)
        {
            session.Screen.WriteLine($"{leader.Name} ({leader.Node})");
        }
        else
        {
            Screen.Complain("there is no leader at the moment");
        }

        return leader is null ? ExitCode.Finding : ExitCode.Ok;
    }

    private static void Print(Screen screen, ClusterStatus status)
    {
        var table = screen.NewTable("cluster", status.Cluster);
        void Row(string name, string value, Color? color = null) => table.AddRow(screen.Cell(name), screen.Cell(value, color));

        Row("ready", status.Ready ? "yes" : "no", status.Ready ? Color.Green : Color.Red);
        Row("answering node", status.Self);
        Row("coordinator", status.Coordinator?.Name ?? "none", status.Coordinator is null ? Color.Yellow : null);
        Row("members", string.Join(", ", status.Members.Select(member => string.Create(CultureInfo.InvariantCulture, $"{member.Value} {member.Key}"))));
        Row("shards", string.Create(CultureInfo.InvariantCulture,
            $"{status.ShardCount}: {status.Shards.Owned} owned, {status.Shards.Unowned} unowned, {status.Shards.Moving?.ToString(CultureInfo.InvariantCulture) ?? "?"} moving"),
            status.Shards.Unowned > 0 ? Color.Yellow : null);
        Row("allocation", status.AllocationMode switch { null => "?", "manual" => "manual: only orders move shards", var mode => mode },
            status.AllocationMode == "manual" ? Color.Yellow : null);
        Row("store", string.Create(CultureInfo.InvariantCulture, $"{status.Store}, generation {status.Generation}"));
        screen.Write(table);
    }

    private static Color ColorOf(string status) => status.ToLowerInvariant() switch
    {
        "up" => Color.Green,
        "down" or "dead" => Color.Red,
        _ => Color.Yellow,
    };
}
