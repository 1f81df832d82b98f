namespace AkkaScale.Tests.Chaos.Rig;

/// <summary>What happens to packets on a detour.</summary>
/// <param name="Delay">Of every packet.</param>
/// <param name="Jitter">Up to so much more or less, evenly distributed; packets overtake each other.</param>
/// <param name="Loss">The share that is lost, 0 to 1.</param>
internal sealed record Disturbance(TimeSpan Delay, TimeSpan Jitter, double Loss)
{
    public override string ToString() =>
        Loss > 0 ? $"{Loss * 100:0.#} % lost" : $"{Delay.TotalMilliseconds:0} ms ± {Jitter.TotalMilliseconds:0} ms later, each way";
}
