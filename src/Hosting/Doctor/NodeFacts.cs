using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.Hosting.Doctor;

/// <summary>One live member as its row shows it and as it answered. What it did not say is null.</summary>
/// <param name="Answered">False: it gave no report in time, or its program makes none yet.</param>
/// <param name="ClockAhead">Its wall clock less that of the node that was asked, half of the question's way allowed for.</param>
/// <param name="ClockSteps">How often its wall clock jumped since it started.</param>
/// <param name="Settings">Names as in the configuration document, values as text.</param>
/// <param name="UnreachableBy">Names of the members that are not connected with it.</param>
internal sealed record NodeFacts(
    Incarnation Incarnation,
    string Name,
    string Version,
    MemberStatus Status,
    IReadOnlyList<string> Roles,
    bool Answered,
    TimeSpan? ClockAhead,
    int? ClockSteps,
    IReadOnlyDictionary<string, string>? Settings,
    Pressure? Pressure,
    IReadOnlyList<string> UnreachableBy)
{
    public bool HostsShards => Roles.Contains(MemberSnapshot.EntityRole);
}
