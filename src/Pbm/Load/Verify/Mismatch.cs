namespace AkkaScale.Pbm.Load.Verify;

/// <summary>What was read back differs from the model.</summary>
/// <param name="Entity">kind/id.</param>
/// <param name="Field">`read` where nothing could be read.</param>
public sealed record Mismatch(string Entity, string Field, string Expected, string Actual);
