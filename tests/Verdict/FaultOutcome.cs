namespace AkkaScale.Tests.Verdict;

/// <summary>What came of one fault.</summary>
/// <param name="Effects">What was seen of it.</param>
/// <param name="LongestWait">Microseconds for which somebody asked one entity and nobody was answered; 0 if everybody was at once.</param>
/// <param name="Entity">Which one it was.</param>
/// <param name="EntitiesAsked">How many were asked while the fault was looked at.</param>
/// <param name="Bound">What was allowed, or null if that was not judged.</param>
public sealed record FaultOutcome(
    Fault Fault, IReadOnlyList<Effect> Effects, long LongestWait, string? Entity, int EntitiesAsked, long? Bound)
{
    public bool IsSeen => Effects.Any(effect => effect.Seen);

    public bool IsWithinBound => Bound is not { } bound || LongestWait <= bound;
}
