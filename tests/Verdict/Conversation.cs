namespace AkkaScale.Tests.Verdict;

/// <summary>A violation told as who asked what, who answered what, and what the journal says, with what happened to the entity around it.</summary>
public static class Conversation
{
    private const int Neighbours = 6;

    public static IReadOnlyList<ConversationLine> Of(History history, Finding finding)
    {
        var lines = new List<(long At, ConversationLine Line)>();
        foreach (var operation in finding.Operations.Concat(Around(history, finding)))
        {
            var isOffending = finding.Operations.Contains(operation);
            lines.Add((operation.Call, new(operation.Call, Asked(operation), isOffending)));
            lines.Add((operation.Return ?? history.End, new(operation.Return ?? history.End, Answered(operation), isOffending)));
        }

        var said = lines.OrderBy(line => line.At).Select(line => line.Line);
        var stands = finding.Rows.Concat(RowsAround(history, finding)).Distinct()
            .OrderBy(row => row.Entity, StringComparer.Ordinal).ThenBy(row => row.Sequence).ThenBy(row => row.Position)
            .Select(row => new ConversationLine(null, Written(row), finding.Rows.Contains(row)));
        return [.. said, .. stands];
    }

    private static string Asked(Operation operation) => operation.Kind == OperationKind.Read
        ? $"client {operation.Client} reads {operation.Entity}"
        : $"client {operation.Client} asks {operation.Entity} for command {Short(operation.CommandId)}";

    private static string Answered(Operation operation)
    {
        var attempts = operation.Attempts > 1 ? $" after {operation.Attempts} attempts" : "";
        if (!operation.IsAnswered)
        {
            var gaveUp = operation.Return is null ? "has heard nothing by the end" : $"gives up ({HistoryWords.Of(operation.Status)}{(operation.Code.Length > 0 ? $", {operation.Code}" : "")})";
            return $"client {operation.Client} {gaveUp}{attempts}: the outcome is unknown";
        }

        var code = operation.Code.Length > 0 ? $" ({operation.Code})" : "";
        var value = operation.Value is { } shown ? $", showing “{shown}”" : "";
        return $"{operation.Entity} answers client {operation.Client}: {HistoryWords.Of(operation.Status)}{code}, {(operation.Version is { } version ? $"version {version}" : "no version")}{value}{attempts}";
    }

    private static string Written(JournalRow row) =>
        $"{row.Entity} {row.Sequence}: {row.Type} by command {Short(row.CommandId)}, version {row.Version}, "
        + $"{row.Lease ?? "no lease"} epoch {row.Epoch}{(row.Node is { } node ? $" of {node}" : "")}";

    private static string Short(Guid? id) => id is { } value ? value.ToString("n")[..8] : "–";

    /// <summary>What overlaps with the offending operations, the nearest in time first.</summary>
    private static IEnumerable<Operation> Around(History history, Finding finding)
    {
        if (finding.Operations.Count == 0)
        {
            return [];
        }

        var from = finding.Operations.Min(operation => operation.Call);
        var to = finding.Operations.Max(operation => operation.Return ?? operation.Call);
        return history.Operations
            .Where(operation => operation.Entity == finding.Entity && operation.Call <= to && (operation.Return ?? operation.Call) >= from && !finding.Operations.Contains(operation))
            .OrderBy(operation => finding.Operations.Min(offending => Math.Abs(operation.Call - offending.Call)))
            .Take(Neighbours)
            .ToArray();
    }

    /// <summary>The rows at the versions in question, and one version on each side.</summary>
    private static IEnumerable<JournalRow> RowsAround(History history, Finding finding)
    {
        var versions = finding.Operations.Select(operation => operation.Version).OfType<long>().Concat(finding.Rows.Where(row => row.Entity == finding.Entity).Select(row => row.Version))
            .SelectMany(version => new[] { version - 1, version, version + 1 }).ToHashSet();
        return versions.Count == 0 ? [] : history.Journal.Where(row => row.Entity == finding.Entity && versions.Contains(row.Version)).ToArray();
    }
}
