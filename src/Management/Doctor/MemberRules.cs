namespace AkkaScale.Management.Doctor;

/// <summary>Who is in, who reaches whom, and who may answer.</summary>
internal static class MemberRules
{
    /// <summary>Of the time to live: the margin for clocks.</summary>
    private const double SilenceFactor = 1.1;

    /// <summary>How long a node that stays away is worth a warning; then it is taken for meant.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    public static IEnumerable<Finding> Judge(DoctorFacts facts) =>
        Hosting(facts).Concat(facts.Nodes.SelectMany(node => Reach(node, facts))).Concat(Deaths(facts)).Concat(Versions(facts));

    private static IEnumerable<Finding> Hosting(DoctorFacts facts)
    {
        if (facts.Hosts.Count() == 1)
        {
            yield return new Finding(
                "cluster/single-node", Severity.Warning, "One node hosts all shards", "No second member with the entity role is up.",
                "If it ends, nothing is served until it, or another, is started.", "Start a second node.");
        }
    }

    private static IEnumerable<Finding> Reach(NodeFacts node, DoctorFacts facts)
    {
        if (!node.ShowsLife)
        {
            // Not yet declared dead: to look at the network would be wrong, its row would go on changing then.
            yield return new Finding(
                "cluster/silent", Severity.Critical, $"{node.Name} shows no sign of life",
                "It answered nothing, and its row in the database was not renewed while the doctor looked: its process has ended or stands still, or it does not reach the database.",
                $"It is declared dead within {SettingsRules.Seconds(facts.Liveness.TimeToLive * SilenceFactor)} of its last renewal, and its shards are taken over; commands for them wait until then.",
                "Look again in a few seconds: pbm cluster history tells when it was declared dead, and why. Then see its log and its machine, and start it again.");
        }
        else if (node.UnreachableBy.Count > 0)
        {
            yield return new Finding(
                "cluster/unreachable", Severity.Critical, $"{node.Name} cannot be reached by others",
                $"{string.Join(", ", node.UnreachableBy)} get no heartbeat of {node.Name}, which renews its row in the database.",
                "Commands that come through them for its shards wait. After 3 s without a change one side of a partition is sent away.",
                "Look at the network between them and at firewalls on the remoting port; their logs name the reason.");
        }
        else if (node.Report is null)
        {
            yield return new Finding(
                "cluster/no-report", Severity.Warning, $"{node.Name} gave no report", "It did not answer the question within its time.",
                "Its settings, its clock and how full its queues are stay unknown; it may be paused or overloaded.",
                "Ask again; if it stays silent look at that node's log.");
        }
        else if (!node.Report.Serving)
        {
            yield return new Finding(
                "cluster/not-serving", Severity.Critical, $"{node.Name} may not answer",
                "It has not renewed its row in the database in time, by its own clock.",
                "Its entities answer nothing; if it stays so the others declare it dead and take its shards over.",
                "See why it does not reach the database: its log names the error.");
        }

        if (node.Status == "Joining")
        {
            yield return new Finding(
                "cluster/joining", Severity.Notice, $"{node.Name} is joining", $"{node.Name} has a row but is not up.",
                "It gets no shards before. A join that does not succeed within its time ends the process, to be started again.",
                "Look again in a few seconds; if it stays, its log says what it waits for.");
        }
    }

    private static IEnumerable<Finding> Deaths(DoctorFacts facts)
    {
        foreach (var deaths in facts.Deaths.GroupBy(row => row.Name, StringComparer.Ordinal).OrderBy(name => name.Key, StringComparer.Ordinal))
        {
            var last = deaths.MaxBy(row => row.EndedAt)!;
            var isBack = facts.Nodes.Any(node => node.Name == deaths.Key);
            var ended = DateTime.SpecifyKind(last.EndedAt ?? last.StartedAt, DateTimeKind.Utc);
            yield return new Finding(
                "cluster/died", !isBack && facts.At - ended < Fresh ? Severity.Warning : Severity.Notice,
                $"{deaths.Key} {(isBack ? "died, and is back" : "has died")}",
                $"It was declared dead at {ended:yyyy-MM-dd HH:mm:ss} UTC: {last.Reason ?? "no reason was kept"}."
                + (deaths.Count() > 1 ? $" In the last day {deaths.Count()} times." : ""),
                isBack ? "Nothing more: another process runs under its name. Each death costs its shards a pause." : "The others carry its shards.",
                $"Find out why from its log of that moment{(isBack ? "" : ", and start it again")}; pbm cluster history has every start and end.");
        }
    }

    private static IEnumerable<Finding> Versions(DoctorFacts facts)
    {
        var versions = facts.Nodes.GroupBy(node => node.Version, node => node.Name, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal).ToArray();
        if (versions.Length > 1)
        {
            yield return new Finding(
                "cluster/version-skew", Severity.Notice, "Nodes run different versions",
                string.Join("; ", versions.Select(version => $"{version.Key} on {string.Join(", ", version.Order(StringComparer.Ordinal))}")) + ".",
                "An event that only the newer ones read makes its entity unreadable on the older ones: a version may write only what the one before it reads.",
                "Finish the rolling restart.");
        }
    }
}
