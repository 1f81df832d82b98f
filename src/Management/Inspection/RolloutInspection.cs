using AkkaScale.Management.Answers;

namespace AkkaScale.Management.Inspection;

/// <summary>In which order to restart nodes, and what each step costs by what hand-overs took lately.</summary>
internal sealed class RolloutInspection(SystemInspection inspection)
{
    private const int LatestDecisions = 1_000;
    private const string HandOver = "handOverSeconds";

    /// <inheritdoc cref="SystemInspection.AskAsync"/>
    public Task<RolloutAnswer> ReadAsync(CancellationToken cancellationToken) => SystemInspection.AskAsync(async () =>
    {
        var sight = await inspection.ReadAsync(cancellationToken);
        var decisions = inspection.Membership().Decisions;
        var latest = await decisions.LatestAsync();
        var read = await decisions.ReadAfterAsync(Math.Max(0, latest - LatestDecisions), LatestDecisions);
        return RolloutShow.Of(sight, [.. read.Where(one => one.Numbers.ContainsKey(HandOver)).Select(one => one.Numbers[HandOver])]);
    });
}
