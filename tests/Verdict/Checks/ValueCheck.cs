namespace AkkaScale.Tests.Verdict.Checks;

/// <summary>I4 by values: what an answer shows is the journal folded up to the version that it names.</summary>
internal static class ValueCheck
{
    public static void Run(HistoryIndex index, IEntityFold fold, Findings findings)
    {
        foreach (var entity in index.Entities)
        {
            var (value, folded) = (fold.Empty, 0);
            foreach (var shown in entity.Operations.Where(operation => operation is { IsAnswered: true, Value: not null, Version: not null }).OrderBy(operation => operation.Version))
            {
                for (; folded < entity.Events.Count && entity.Events[folded].Version <= shown.Version; folded++)
                {
                    value = fold.Apply(value, entity.Events[folded]);
                }

                // Beyond the journal there is nothing to compare with; that it is beyond is found by the order.
                if (shown.Version <= entity.Head && shown.Value != value)
                {
                    findings.Add(
                        $"{entity.Name} showed “{shown.Value}” at version {shown.Version}, where its journal comes to “{value}”.",
                        entity.Name, [shown], [.. new[] { entity.At(shown.Version!.Value) }.OfType<JournalRow>()]);
                }
            }
        }
    }
}
