namespace AkkaScale.Tests.Verdict.Checks;

/// <summary>
/// I3: every write was fenced by a lease, each (lease, epoch) belongs to one process, epochs of a lease only grow along the journal, and no
/// row has an epoch that its lease never had.
/// </summary>
internal static class OwnerCheck
{
    public static void Run(HistoryIndex index, Findings findings)
    {
        var highest = index.History.Leases.ToDictionary(lease => lease.Lease, lease => lease.Epoch, StringComparer.Ordinal);
        foreach (var row in index.History.Journal.Where(row => row.Lease is null))
        {
            findings.Add($"Row {row.Sequence} of {row.Entity} was written without a lease.", row.Entity, rows: [row]);
        }

        var byLease = index.History.Journal.Where(row => row.Lease is not null).GroupBy(row => row.Lease!, StringComparer.Ordinal);
        foreach (var lease in byLease.OrderBy(rows => rows.Key, StringComparer.Ordinal))
        {
            JournalRow[] rows = [.. lease.OrderBy(row => row.Position)];
            findings.Checked += rows.Length;
            CheckOrder(lease.Key, rows, findings);
            CheckOwners(lease.Key, rows, findings);
            var last = rows.MaxBy(row => row.Epoch)!;
            if (highest.Count > 0 && last.Epoch > highest.GetValueOrDefault(lease.Key, -1))
            {
                findings.Add(
                    $"Row {last.Sequence} of {last.Entity} has epoch {last.Epoch} of {lease.Key}, "
                    + (highest.TryGetValue(lease.Key, out var stands) ? $"which stands at {stands}." : "which is no lease."),
                    last.Entity, rows: [last]);
            }
        }
    }

    private static void CheckOrder(string lease, JournalRow[] rows, Findings findings)
    {
        for (var at = 1; at < rows.Length; at++)
        {
            if (rows[at].Epoch < rows[at - 1].Epoch)
            {
                findings.Add(
                    $"{lease} has epoch {rows[at].Epoch} at position {rows[at].Position}, after epoch {rows[at - 1].Epoch} at position {rows[at - 1].Position}.",
                    rows[at].Entity, rows: [rows[at - 1], rows[at]]);
            }
        }
    }

    /// <summary>Once for each other process: all that it wrote would say the same.</summary>
    private static void CheckOwners(string lease, JournalRow[] rows, Findings findings)
    {
        foreach (var epoch in rows.Where(row => row.Node is not null).GroupBy(row => row.Epoch))
        {
            var first = epoch.First();
            foreach (var other in epoch.Where(row => row.Node != first.Node).DistinctBy(row => row.Node))
            {
                findings.Add(
                    $"Epoch {epoch.Key} of {lease} had two owners: {first.Node} and {other.Node}.", other.Entity, rows: [first, other]);
            }
        }
    }
}
