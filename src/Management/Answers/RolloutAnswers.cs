namespace AkkaScale.Management.Answers;

// The shapes of the management API, as docs/management-api.md lists them: in which order to restart.

/// <param name="Steps">In order: one after the other, each when the one before it is ready and has its part of the shards.</param>
/// <param name="Waits">What should be over before it begins.</param>
/// <param name="HandOvers">How many were measured for what a step is expected to cost.</param>
internal sealed record RolloutAnswer(IReadOnlyList<RolloutStep> Steps, IReadOnlyList<string> Waits, int HandOvers);

/// <param name="Shards">That it gives away.</param>
/// <param name="Why">Why it is at this place.</param>
/// <param name="WaitSeconds">
/// How long one of its shards is expected not to answer: the middle of the latest hand-overs; 0: it has none; null: none was measured yet.
/// </param>
/// <param name="LongestWaitSeconds">The longest of those hand-overs.</param>
internal sealed record RolloutStep(
    string Name, string NodeUid, string Version, int Shards, bool IsCoordinator, string Why, double? WaitSeconds, double? LongestWaitSeconds);
