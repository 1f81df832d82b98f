namespace AkkaScale.Tests.Chaos.Rig;

/// <summary>What happens to frames on a detour.</summary>
/// <param name="Delay">Of every frame.</param>
/// <param name="Jitter">Up to so much more, evenly; frames overtake each other.</param>
/// <param name="Loss">The share that is lost, 0 to 1.</param>
internal sealed record Disturbance(TimeSpan Delay, TimeSpan Jitter, double Loss);
