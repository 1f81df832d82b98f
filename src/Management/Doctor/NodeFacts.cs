using AkkaScale.Management.Reports;

namespace AkkaScale.Management.Doctor;

/// <summary>One live member as its row shows it and as it answered.</summary>
/// <param name="Status">Joining, Up, Leaving or Down.</param>
/// <param name="Report">Null: it gave none in time.</param>
/// <param name="ClockAhead">Its wall clock less that of the node that was asked, half of the question's way allowed for.</param>
/// <param name="UnreachableBy">Names of the members that do not reach it.</param>
internal sealed record NodeFacts(
    string Incarnation,
    string Name,
    string Version,
    string Status,
    bool HostsShards,
    NodeReport? Report,
    TimeSpan? ClockAhead,
    IReadOnlyList<string> UnreachableBy)
{
    /// <summary>False: it said nothing while the doctor looked, neither to him nor in its row.</summary>
    public bool ShowsLife { get; init; } = true;
}
