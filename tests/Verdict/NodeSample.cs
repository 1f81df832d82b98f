namespace AkkaScale.Tests.Verdict;

/// <summary>What one node looked like at one moment.</summary>
/// <param name="At">Microseconds from the start of the run.</param>
public sealed record NodeSample(long At, string Node, bool Up, int Shards, long Resident, long MemoryBytes);
