namespace AkkaScale.Tests.Verdict;

/// <summary>The words of the format, declared here and nowhere derived from names in code.</summary>
internal static class HistoryWords
{
    private static readonly string[] Kinds = ["read", "write"];
    private static readonly string[] Statuses = ["ok", "refused", "unchanged", "error", "timeout", "unavailable"];

    public static string Of(OperationKind kind) => Kinds[(int)kind];

    public static string Of(OperationStatus status) => Statuses[(int)status];

    /// <returns>Null for a word that is none.</returns>
    public static OperationKind? Kind(string word) => Array.IndexOf(Kinds, word) is var at and >= 0 ? (OperationKind)at : null;

    /// <returns>Null for a word that is none.</returns>
    public static OperationStatus? Status(string word) => Array.IndexOf(Statuses, word) is var at and >= 0 ? (OperationStatus)at : null;
}
