namespace AkkaScale.Tests.Verdict;

/// <summary>What was run; the first line of a history.</summary>
/// <param name="Store">"postgres" or "sqlite".</param>
/// <param name="StartedAt">Wall clock, for people; nothing is judged by it.</param>
public sealed record RunInfo(long Seed, string Store, int Nodes, int Entities, int Clients, string StartedAt);
