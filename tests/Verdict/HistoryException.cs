namespace AkkaScale.Tests.Verdict;

/// <summary>A history that cannot be judged, with the line that is to blame.</summary>
public sealed class HistoryException(int line, string what, Exception? inner = null)
    : Exception($"Line {line} of the history: {what}", inner)
{
    /// <summary>From 1.</summary>
    public int Line { get; } = line;
}
