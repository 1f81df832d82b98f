using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Xunit.Abstractions;

namespace AkkaScale.Tests.Hostile;

/// <summary>
/// Seeds and time of a fuzzing test: two fixed seeds and a fresh one, which is printed. AKKASCALE_HOSTILE_SEED replays one; AKKASCALE_HOSTILE_SECONDS is the time each seed gets.
/// </summary>
internal static class Fuzz
{
    private const double SecondsPerSeed = 2;

    public static IReadOnlyList<int> Seeds { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("AKKASCALE_HOSTILE_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given)
            ? [given]
            : [1, 20_261, RandomNumberGenerator.GetInt32(int.MaxValue)];

    private static TimeSpan Time { get; } = TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable("AKKASCALE_HOSTILE_SECONDS"), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : SecondsPerSeed);

    /// <summary>Runs rounds for the time of each seed, some at once. A failure says how to see it again.</summary>
    /// <param name="round">Gets the seed, random numbers of its own, and the number of the round; the same for the same seed, whatever the time.</param>
    public static async Task RunAsync(string what, ITestOutputHelper output, int atOnce, Func<int, Random, int, Task> round)
    {
        foreach (var seed in Seeds)
        {
            var clock = Stopwatch.StartNew();
            var begun = -1;
            await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
            {
                while (clock.Elapsed < Time)
                {
                    var number = Interlocked.Increment(ref begun);
                    try
                    {
                        await round(seed, new Random(unchecked((seed * 1_000_003) + number)), number);
                    }
                    catch (Exception failed)
                    {
                        throw new InvalidOperationException(
                            $"{what}, seed {seed}, round {number}: {failed.Message}\nreplay: AKKASCALE_HOSTILE_SEED={seed} dotnet test tests/Hostile --filter FullyQualifiedName~Fuzz", failed);
                    }
                }
            })));
            Figures.Write(output, $"{what}: seed {seed}, {begun + 1} rounds in {clock.Elapsed.TotalSeconds:0.0} s");
        }
    }
}
