using Xunit.Abstractions;

namespace AkkaScale.Tests.Simulation.Cluster;

public sealed class ClusterSimulationTests(ITestOutputHelper output)
{
    private const int FixedSeeds = 1_000;
    private const int FreshSeeds = 100;

    /// <summary>2,000 in all, which the program goes beyond; in parts, since the gate ends a test that says nothing for three minutes.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1 + FixedSeeds)]
    public void The_machines_keep_every_promise_under_fixed_seeds_and_meet_every_situation(int first)
    {
        var coverage = Hold(first, FixedSeeds);
        Assert.True(!coverage.Missing.Any(), $"Never met: {string.Join(", ", coverage.Missing)}. {coverage}");
    }

    [Fact]
    public void The_machines_keep_every_promise_under_fresh_seeds()
    {
        var first = Random.Shared.Next(1_000_000, int.MaxValue - FreshSeeds);
        Console.WriteLine($"simulation of src/Cluster: fresh seeds {first} to {first + FreshSeeds - 1}");
        Hold(first, FreshSeeds);
    }

    [Fact]
    public void The_same_seed_gives_the_same_conversation_and_another_seed_another()
    {
        Assert.Equal(Conversation(7), Conversation(7));
        Assert.NotEqual(Conversation(7), Conversation(8));
    }

    private static List<string> Conversation(int seed)
    {
        var lines = new List<string>();
        Assert.Null(ClusterSimulation.Run(seed, lines.Add).Violation);
        Assert.NotEmpty(lines);
        return lines;
    }

    /// <summary>Asserts that all hold; the first that does not is told with the command that makes it again, and the end of its conversation.</summary>
    private ClusterCoverage Hold(int first, int count)
    {
        var coverage = new ClusterCoverage();
        var (runs, failed) = (0, (ClusterRun?)null);
        ClusterSimulation.RunMany(first, count, Environment.ProcessorCount, run =>
        {
            runs++;
            coverage.Add(run.Coverage);
            failed ??= run.Violation is null ? null : run;
            return failed is null;
        });
        output.WriteLine($"{runs} runs: {coverage}");
        if (failed is { } violation)
        {
            var lines = new List<string>();
            ClusterSimulation.Run(violation.Seed, lines.Add);
            Assert.Fail($"""
                seed {violation.Seed}: {violation.Violation!.Message}
                replay: {ClusterSimulation.Replay(violation.Seed)}
                {string.Join(Environment.NewLine, lines.TakeLast(100))}
                """);
        }

        Assert.Equal(count, runs);
        return coverage;
    }
}
