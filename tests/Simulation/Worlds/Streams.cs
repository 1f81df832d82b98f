namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>One sequence of chances for each subsystem, so that taking a fault or a client away shifts nothing elsewhere.</summary>
internal sealed class Streams(int seed)
{
    private const uint Prime = 16_777_619;

    public Random Of(string name)
    {
        var hash = 2_166_136_261;
        foreach (var letter in name)
        {
            hash = (hash ^ letter) * Prime;
        }

        return new Random(unchecked((int)((hash ^ (uint)seed) * Prime) ^ (seed << 7)));
    }
}

internal static class Chances
{
    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;

    public static TimeSpan Between(this Random random, double leastSeconds, double mostSeconds) =>
        TimeSpan.FromTicks((long)((leastSeconds + (random.NextDouble() * (mostSeconds - leastSeconds))) * TimeSpan.TicksPerSecond));
}
