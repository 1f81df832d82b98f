namespace AkkaScale.Pbm.Load.Replay;

/// <summary>The end of one command or read, over all its attempts.</summary>
/// <param name="Answer">The definite answer; null: none came before the deadline.</param>
/// <param name="Failure">Why there is no usable answer; null: there is one.</param>
/// <param name="Elapsed">From the first attempt to the end.</param>
public sealed record CallOutcome(GatewayAnswer? Answer, string? Failure, int Attempts, TimeSpan Elapsed);
