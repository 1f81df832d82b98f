namespace AkkaScale.Domain;

/// <summary>A rule said no.</summary>
/// <param name="Code">Stable, such as "task/already-done"; codes under "request/" mean that the command itself is malformed.</param>
/// <param name="Detail">A sentence for people; never repeats text of the caller.</param>
public sealed record Refusal(string Code, string Detail);
