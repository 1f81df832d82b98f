namespace AkkaScale.Tests.Verdict.Checks;

/// <summary>I2: along an entity numbers without gaps and epochs that never decrease; along a shard positions without gaps.</summary>
internal static class JournalCheck
{
    public static void Run(HistoryIndex index, Findings findings)
    {
        findings.Checked = index.History.Journal.Count;
        foreach (var entity in index.Entities)
        {
            CheckEntity(entity, findings);
        }

        foreach (var shard in index.History.Journal.GroupBy(row => row.Shard).OrderBy(rows => rows.Key))
        {
            CheckShard(shard.Key, [.. shard.OrderBy(row => row.Position)], findings);
        }
    }

    private static void CheckEntity(EntityHistory entity, Findings findings)
    {
        JournalRow? before = null;
        foreach (var row in entity.Rows)
        {
            var due = (before?.Sequence ?? 0) + 1;
            if (row.Sequence == before?.Sequence)
            {
                findings.Add($"Sequence number {row.Sequence} of {entity.Name} is there twice.", entity.Name, rows: [before, row]);
            }
            else if (row.Sequence != due)
            {
                findings.Add($"{entity.Name} goes from {due - 1} to {row.Sequence}: {row.Sequence - due} events are missing.", entity.Name, rows: Two(before, row));
            }

            if (before is not null && row.Epoch < before.Epoch)
            {
                findings.Add(
                    $"Event {row.Sequence} of {entity.Name} was written under epoch {row.Epoch}, after one of epoch {before.Epoch}.",
                    entity.Name, rows: [before, row]);
            }

            if (before is not null && row.Shard != before.Shard)
            {
                findings.Add($"{entity.Name} is in shard {before.Shard} and, from {row.Sequence}, in shard {row.Shard}.", entity.Name, rows: [before, row]);
            }

            before = row;
        }
    }

    private static void CheckShard(int shard, JournalRow[] rows, Findings findings)
    {
        JournalRow? before = null;
        foreach (var row in rows)
        {
            var due = (before?.Position ?? 0) + 1;
            if (row.Position == before?.Position)
            {
                findings.Add($"Position {row.Position} of shard {shard} is there twice.", row.Entity, rows: [before, row]);
            }
            else if (row.Position != due)
            {
                findings.Add($"Shard {shard} goes from position {due - 1} to {row.Position}.", row.Entity, rows: Two(before, row));
            }

            before = row;
        }
    }

    private static JournalRow[] Two(JournalRow? before, JournalRow row) => before is null ? [row] : [before, row];
}
