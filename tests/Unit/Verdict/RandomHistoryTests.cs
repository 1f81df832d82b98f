using System.Diagnostics;
using AkkaScale.Tests.Verdict;
using Xunit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.Unit.Verdict;

/// <summary>Correct histories are clean, and one thing that is made wrong in them is found.</summary>
public sealed class RandomHistoryTests(ITestOutputHelper output)
{
    private const int Operations = 2_000;

    public static TheoryData<string> Plants => [.. PlantedViolations.All.Keys];

    [Fact]
    public void Correct_histories_are_clean()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var judgement = Judge.Of(RandomRun.Of(seed, Operations), new EventCount());
            Assert.Equal([], judgement.Findings.Select(finding => $"seed {seed}: {finding.What}"));
            Assert.True(judgement.Counts.UnknownInJournal > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Plants))]
    public void What_is_made_wrong_is_found(string plant)
    {
        var (invariant, make) = PlantedViolations.All[plant];
        for (var seed = 0; seed < 25; seed++)
        {
            var history = make(RandomRun.Of(seed, Operations), new Random(seed));
            Assert.False(Judge.Of(history, new EventCount())[invariant].Holds, $"{plant}: seed {seed} was not found");
        }
    }

    [Fact]
    public void A_long_history_takes_seconds()
    {
        var history = RandomRun.Of(1, 200_000, 1_000) with
        {
            Faults = [.. Enumerable.Range(0, 50).Select(number => new Fault("kill", "node-1", number * 2_000_000L, number * 2_000_000L, ""))],
        };
        var clock = Stopwatch.StartNew();
        var judgement = Judge.Of(history, new EventCount());
        output.WriteLine($"{history.Operations.Count} operations and {history.Journal.Count} events in {clock.Elapsed}");
        // Generous: other tests run beside it. What is quadratic takes most of an hour.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"It took {clock.Elapsed}.");
        Assert.True(judgement[Invariant.Linearizable].Holds && judgement[Invariant.OnceOnly].Holds);
    }
}
