using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace AkkaScale.Tests.Simulation.Cluster;

/// <summary>The simulation of src/Cluster as a command.</summary>
internal static class ClusterCommand
{
    private const int MostTold = 10;

    public static RootCommand Create()
    {
        var seed = new Option<int?>("--seed") { Description = "Makes this run again and prints it as a conversation." };
        var from = new Option<int>("--from") { Description = "The first one of many.", DefaultValueFactory = _ => 1 };
        var seeds = new Option<int>("--seeds") { Description = "How many.", DefaultValueFactory = _ => 1_000 };
        var until = new Option<bool>("--until-violation") { Description = "Stops at the first run that fails." };
        var command = new RootCommand("Runs the machines of src/Cluster. Exit code 1: a run failed.") { seed, from, seeds, until };
        command.SetAction(result => result.GetValue(seed) is { } one
            ? Show(one)
            : Run(result.GetValue(from), result.GetValue(seeds), result.GetValue(until)));
        return command;
    }

    private static int Show(int seed)
    {
        var run = ClusterSimulation.Run(seed, Console.WriteLine);
        Console.WriteLine(run.Violation is { } violation ? $"seed {seed} fails: {violation.Message}" : $"seed {seed} holds: {run.Coverage}");
        return run.Violation is null ? 0 : 1;
    }

    private static int Run(int from, int seeds, bool untilViolation)
    {
        var watch = Stopwatch.StartNew();
        var coverage = new ClusterCoverage();
        var (runs, failed, steps, time) = (0, 0, 0L, TimeSpan.Zero);
        ClusterSimulation.RunMany(from, seeds, Environment.ProcessorCount, run =>
        {
            runs++;
            steps += run.Steps;
            time += run.Time;
            coverage.Add(run.Coverage);
            if (run.Violation is { } violation && ++failed <= MostTold)
            {
                Console.WriteLine($"seed {run.Seed}: {violation.Message}{Environment.NewLine}  {ClusterSimulation.Replay(run.Seed)}");
            }

            return failed == 0 || !untilViolation;
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{runs} runs of {time.TotalSeconds / runs:0} simulated seconds, {failed} failed, {steps} steps, {watch.Elapsed.TotalSeconds:0.0} s"));
        Console.WriteLine(coverage);
        return failed == 0 ? 0 : 1;
    }
}
