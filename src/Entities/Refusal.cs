namespace AkkaScale.Entities;

/// <summary>A rule said no: a stable code such as "task/already-done" and a sentence for people.</summary>
public sealed record Refusal(string Code, string Detail);
