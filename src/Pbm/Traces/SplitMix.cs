namespace AkkaScale.Pbm.Traces;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014). Of our own because a generated trace must stay the same bytes with every version
/// of the runtime, which System.Random does not promise.
/// </summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }

    /// <summary>0 to bound − 1. The bias of the multiplication is below 2⁻³² and does not matter here.</summary>
    public int Next(int bound) => (int)(((Bits() >> 32) * (ulong)bound) >> 32);

    public bool Chance(int percent) => Next(100) < percent;

    /// <summary>0 to bound − 1, low numbers far more often: the density falls with the cube root.</summary>
    public int Skewed(int bound)
    {
        var fraction = (Bits() >> 11) * (1.0 / (1UL << 53));
        return Math.Min(bound - 1, (int)(bound * fraction * fraction * fraction));
    }

    private ulong Bits() => Mix(_state += 0x9e3779b97f4a7c15);
}
