using System.Globalization;

namespace AkkaScale.Tests.Journal.Fencing;

/// <summary>How often a lease is taken away: seldom for the gate, more for <c>tests/Journal/rounds.sh</c>, which says it by the environment.</summary>
internal static class RaceRounds
{
    /// <summary>Within which a fence that is too weak has to be found out.</summary>
    public const int OfAWeakerFence = 1_000;

    public static int Count { get; } = Environment.GetEnvironmentVariable("AKKASCALE_RACES") is { Length: > 0 } value
        ? int.Parse(value, CultureInfo.InvariantCulture)
        : 250;
}
