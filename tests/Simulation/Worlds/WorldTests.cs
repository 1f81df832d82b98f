using System.Globalization;
using Xunit.Abstractions;

namespace AkkaScale.Tests.Simulation.Worlds;

public sealed class WorldTests(ITestOutputHelper output)
{
    private const int FixedSeeds = 5_000;
    private const int FreshSeeds = 100;

    private static readonly TimeSpan FixedTime = TimeSpan.FromSeconds(180);

    [Fact]
    public void Whole_clusters_keep_every_promise_under_fixed_seeds_and_meet_every_situation()
    {
        var (coverage, runs) = Hold(1, FixedSeeds);
        Assert.True(runs > 500, $"Only {runs} runs in {FixedTime}.");
        Assert.True(!coverage.Missing.Any(), $"Never met in {runs} runs: {string.Join(", ", coverage.Missing)}. {coverage}");
    }

    [Fact]
    public void Whole_clusters_keep_every_promise_under_fresh_seeds()
    {
        var first = Random.Shared.Next(1_000_000, int.MaxValue - FreshSeeds);
        Console.WriteLine($"simulation: fresh seeds {first} to {first + FreshSeeds - 1}");
        Hold(first, FreshSeeds);
    }

    [Fact]
    public void The_same_seed_gives_the_same_conversation_and_another_seed_another()
    {
        Assert.Equal(Conversation(7, RunOptions.Whole), Conversation(7, RunOptions.Whole));
        Assert.NotEqual(Conversation(7, RunOptions.Whole), Conversation(8, RunOptions.Whole));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Leaving_a_fault_out_shifts_nothing_before_it(int seed)
    {
        var last = Fault.Plan(new WorldConfig(seed)).MaxBy(fault => fault.At)!;
        var whole = Before(Conversation(seed, RunOptions.Whole));
        Assert.NotEmpty(whole);
        Assert.Equal(whole, Before(Conversation(seed, RunOptions.Whole with { WithoutFaults = new HashSet<int> { last.Number } })));

        List<string> Before(List<string> conversation) =>
            [.. conversation.TakeWhile(line => double.Parse(line[..10], CultureInfo.InvariantCulture) < last.At.TotalSeconds - 0.0001)];
    }

    [Fact]
    public void Shrinking_leaves_what_the_failure_needs_and_nothing_else()
    {
        var asked = 0;
        var left = Shrinker.Shrink([.. Enumerable.Range(0, 12)], 6, options =>
        {
            asked++;
            return !options.WithoutFaults.Contains(3) && !options.WithoutFaults.Contains(8) && !options.WithoutClients.Contains(5);
        });
        Assert.Equal([0, 1, 2, 4, 5, 6, 7, 9, 10, 11], left.WithoutFaults.Order());
        Assert.Equal([0, 1, 2, 3, 4], left.WithoutClients.Order());
        Assert.True(left.WithoutNoise);
        Assert.InRange(asked, 1, 60);
        Assert.Equal(" --without-faults 0,1,2,4,5,6,7,9,10,11 --without-clients 0,1,2,3,4 --without-noise", left.Arguments());
    }

    [Fact]
    public void A_run_that_holds_is_not_shrunk() =>
        Assert.Throws<InvalidOperationException>(() => Shrinker.Shrink([1, 2], 2, static _ => false));

    private static List<string> Conversation(int seed, RunOptions options)
    {
        var lines = new List<string>();
        Assert.Null(Simulations.Run(seed, options with { Listener = lines.Add }).Violation);
        return lines;
    }

    /// <summary>Asserts that all hold; the first that does not is told with the command that makes it again, and the end of its conversation.</summary>
    private (Coverage Coverage, int Runs) Hold(int first, int count)
    {
        var coverage = new Coverage();
        var runs = 0;
        RunResult? failed = null;
        Simulations.RunMany(first, count, Environment.ProcessorCount, FixedTime, untilViolation: true, result =>
        {
            runs++;
            coverage.Add(result.Coverage);
            failed ??= result.Violation is null ? null : result;
        });
        output.WriteLine($"{runs} runs: {coverage}");
        Console.WriteLine($"simulation: {runs} runs of 30 simulated seconds, {coverage[Situation.Fault]} faults, {coverage[Situation.Takeover]} takeovers, "
            + $"{coverage[Situation.Acknowledged]} acknowledged commands");
        if (failed is { } violation)
        {
            var lines = new List<string>();
            Simulations.Run(violation.Seed, RunOptions.Whole with { Listener = lines.Add });
            Assert.Fail($"""
                seed {violation.Seed}: {violation.Violation!.Message}
                replay: {Program.Replay(violation.Seed, RunOptions.Whole)}
                shrink: dotnet run --project tests/Simulation -c Release -- shrink --seed {violation.Seed}
                {string.Join(Environment.NewLine, lines.TakeLast(120))}
                """);
        }

        return (coverage, runs);
    }
}
