namespace AkkaScale.Tests.Verdict;

/// <summary>Everything that happened in a run, as it was written down.</summary>
public sealed record History
{
    public required RunInfo Run { get; init; }

    /// <summary>In the order in which they ended.</summary>
    public IReadOnlyList<Operation> Operations { get; init; } = [];

    public IReadOnlyList<Fault> Faults { get; init; } = [];

    public IReadOnlyList<Effect> Effects { get; init; } = [];

    public IReadOnlyList<NodeSample> Samples { get; init; } = [];

    /// <summary>The whole journal of the store at the end, in any order.</summary>
    public IReadOnlyList<JournalRow> Journal { get; init; } = [];

    /// <summary>The leases of the store at the end. Empty: epochs are not held against them.</summary>
    public IReadOnlyList<LeaseRow> Leases { get; init; } = [];

    /// <summary>Microseconds; when the last operation had ended.</summary>
    public required long End { get; init; }

    /// <summary>Reads JSON lines, one object a line.</summary>
    /// <exception cref="HistoryException">A line is damaged, or the history does not begin and end as it should.</exception>
    public static History Read(Stream stream) => new HistoryReader().Read(stream);
}
