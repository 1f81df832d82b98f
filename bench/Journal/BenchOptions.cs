namespace AkkaScale.Bench.Journal;

/// <param name="Rounds">How often each engine has its turn.</param>
/// <param name="Duration">Of each measurement, after a warm-up of a quarter of it.</param>
/// <param name="Entities">Persistent actors in one process.</param>
/// <param name="InFlight">Events under way at a time.</param>
/// <param name="Parts">append, recovery, sqlite.</param>
public sealed record BenchOptions(int Rounds, TimeSpan Duration, int Entities, int[] InFlight, string[] Parts)
{
    public TimeSpan WarmUp => Duration / 4;

    public bool Has(string part) => Parts.Contains(part);
}
