using System.Globalization;

namespace AkkaScale.Tests.Cluster.Scenarios;

/// <summary>How long and how often: little for the gate, more for <c>tests/Cluster/rounds.sh</c>, which says it by the environment.</summary>
internal static class Rounds
{
    public static int ColdStarts { get; } = Read("AKKASCALE_COLD_STARTS", 3);

    /// <summary>After which a late database starts.</summary>
    public static TimeSpan Late { get; } = TimeSpan.FromSeconds(Read("AKKASCALE_LATE_SECONDS", 6));

    public static TimeSpan Flapping { get; } = TimeSpan.FromSeconds(Read("AKKASCALE_FLAPPING_SECONDS", 32));

    public static TimeSpan Outage { get; } = TimeSpan.FromSeconds(Read("AKKASCALE_OUTAGE_SECONDS", 6));

    public static int Restarts { get; } = Read("AKKASCALE_RESTARTS", 3);

    /// <summary>Whether a story is played on each store, and in each manner, that it can have.</summary>
    public static bool AllKinds { get; } = Read("AKKASCALE_ALL_KINDS", 0) > 0;

    /// <summary>In which two transactions are begun at one moment.</summary>
    public static int Races { get; } = Read("AKKASCALE_RACES", 20);

    private static int Read(string name, int standard) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : standard;
}
