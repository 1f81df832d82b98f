namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>Something that must always hold did not.</summary>
/// <param name="invariant">Its short name: I1 to I9 of the design, or what was expected of a part.</param>
internal sealed class WorldViolationException(string invariant, string what, Exception? cause = null) : Exception($"{invariant}: {what}", cause)
{
    public string Invariant { get; } = invariant;
}
