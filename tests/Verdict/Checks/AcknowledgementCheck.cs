namespace AkkaScale.Tests.Verdict.Checks;

/// <summary>I1: what was acknowledged stands in the journal, at its version and with its command id.</summary>
internal static class AcknowledgementCheck
{
    public static void Run(HistoryIndex index, Findings findings)
    {
        foreach (var entity in index.Entities)
        {
            foreach (var operation in entity.Operations)
            {
                if (operation.IsAcknowledgedWrite)
                {
                    findings.Checked++;
                    Check(index, entity, operation, findings);
                }
            }
        }
    }

    private static void Check(HistoryIndex index, EntityHistory entity, Operation write, Findings findings)
    {
        if (write.Version is not { } version)
        {
            findings.Add($"{entity.Name} acknowledged a command without a version.", entity.Name, [write]);
            return;
        }

        var row = entity.At(version);
        if (row is not null && row.CommandId == write.CommandId)
        {
            return;
        }

        var elsewhere = index.CommandOf(write)!.LastRow;
        var stands = elsewhere is null
            ? "the command is nowhere in the journal"
            : $"the journal has the command at version {elsewhere.Version} of {elsewhere.Entity}";
        findings.Add(
            row is null
                ? $"{entity.Name} acknowledged version {version}, which is not in the journal: {stands}."
                : $"{entity.Name} acknowledged version {version}, where the journal has another command: {stands}.",
            entity.Name,
            [write],
            [.. new[] { row, elsewhere }.OfType<JournalRow>()]);
    }
}
