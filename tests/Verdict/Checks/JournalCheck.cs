namespace AkkaScale.Tests.Verdict.Checks;

/// <summary>I2: along an entity numbers without gaps, versions that count its events, one lease, and epochs that never decrease.</summary>
internal static class JournalCheck
{
    public static void Run(HistoryIndex index, Findings findings)
    {
        findings.Checked = index.History.Journal.Count;
        foreach (var entity in index.Entities)
        {
            JournalRow? before = null;
            foreach (var row in entity.Rows)
            {
                CheckNumber(entity, before, row, findings);
                CheckLease(entity, before, row, findings);
                before = row;
            }
        }
    }

    private static void CheckNumber(EntityHistory entity, JournalRow? before, JournalRow row, Findings findings)
    {
        var due = (before?.Sequence ?? 0) + 1;
        if (row.Sequence == before?.Sequence)
        {
            findings.Add($"Sequence number {row.Sequence} of {entity.Name} is there twice.", entity.Name, rows: [before, row]);
            return;
        }

        if (row.Sequence != due)
        {
            findings.Add(
                $"{entity.Name} goes from {due - 1} to {row.Sequence}: {row.Sequence - due} rows are missing.", entity.Name, rows: Two(before, row));
            return;
        }

        if (row.Version != (before?.Version ?? 0) + (row.IsEvent ? 1 : 0))
        {
            findings.Add(
                $"Row {row.Sequence} of {entity.Name}, {(row.IsEvent ? "an event" : "an answer")}, has version {row.Version} after {before?.Version ?? 0}.",
                entity.Name, rows: Two(before, row));
        }

        if (row.Position <= before?.Position)
        {
            findings.Add($"Row {row.Sequence} of {entity.Name} stands before its predecessor.", entity.Name, rows: [before, row]);
        }
    }

    private static void CheckLease(EntityHistory entity, JournalRow? before, JournalRow row, Findings findings)
    {
        if (before is not null && row.Lease != before.Lease)
        {
            findings.Add(
                $"{entity.Name} was written under {before.Lease ?? "no lease"} and, from {row.Sequence}, under {row.Lease ?? "none"}.",
                entity.Name, rows: [before, row]);
        }
        else if (row.Epoch < before?.Epoch)
        {
            findings.Add(
                $"Row {row.Sequence} of {entity.Name} was written under epoch {row.Epoch}, after one of epoch {before.Epoch}.",
                entity.Name, rows: [before, row]);
        }
    }

    private static JournalRow[] Two(JournalRow? before, JournalRow row) => before is null ? [row] : [before, row];
}
