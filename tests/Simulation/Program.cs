using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using AkkaScale.Tests.Simulation.Worlds;

namespace AkkaScale.Tests.Simulation;

/// <summary>The simulation as a program: many seeds, or one of them as a conversation.</summary>
internal static class Program
{
    private const int MostTold = 20;

    public static int Main(string[] arguments)
    {
        var root = new RootCommand("Runs whole clusters under a seed, in one thread each, with everything going wrong; holds them against the invariants.")
        {
            RunCommand(), ReplayCommand(), ShrinkCommand(),
        };
        return root.Parse(arguments).Invoke();
    }

    /// <summary>The command that makes a run again.</summary>
    public static string Replay(int seed, RunOptions options) =>
        $"dotnet run --project tests/Simulation -c Release -- replay --seed {seed.ToString(CultureInfo.InvariantCulture)}{options.Arguments()}";

    private static Command RunCommand()
    {
        var seeds = new Option<int>("--seeds") { Description = "How many seeds.", DefaultValueFactory = _ => 1_000 };
        var from = new Option<int>("--from") { Description = "The first one.", DefaultValueFactory = _ => 1 };
        var threads = new Option<int>("--threads") { Description = "Runs at the same time.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var seconds = new Option<int>("--seconds") { Description = "Stops after this time; 0: when all are done." };
        var until = new Option<bool>("--until-violation") { Description = "Stops at the first run that fails." };
        var command = new Command("run", "Runs seeds and prints what was met. Exit code 1: a run failed.") { seeds, from, threads, seconds, until };
        command.SetAction(result =>
        {
            var most = result.GetValue(seconds) == 0 ? TimeSpan.MaxValue : TimeSpan.FromSeconds(result.GetValue(seconds));
            return Run(result.GetValue(from), result.GetValue(seeds), result.GetValue(threads), most, result.GetValue(until));
        });
        return command;
    }

    private static Command ReplayCommand()
    {
        var seed = new Option<int>("--seed") { Description = "Which run.", Required = true };
        var faults = Numbers("--without-faults", "Leaves these faults out of the plan.");
        var clients = Numbers("--without-clients", "Leaves these clients out.");
        var noise = new Option<bool>("--without-noise") { Description = "Nothing is lost, late or doubled beside the plan." };
        var quiet = new Option<bool>("--quiet") { Description = "Only the verdict." };
        var command = new Command("replay", "Makes one run again and prints it as a conversation. Exit code 1: it failed.") { seed, faults, clients, noise, quiet };
        command.SetAction(result => Show(result.GetValue(seed), new RunOptions(
            result.GetValue(faults)!.ToHashSet(), result.GetValue(clients)!.ToHashSet(), result.GetValue(noise))
        {
            Listener = result.GetValue(quiet) ? null : Console.WriteLine,
        }));
        return command;
    }

    private static Command ShrinkCommand()
    {
        var seed = new Option<int>("--seed") { Description = "A run that fails.", Required = true };
        var command = new Command("shrink", "Cuts a failing run down to what it needs, and prints the command that replays the rest.") { seed };
        command.SetAction(result =>
        {
            var options = Shrinker.Shrink(result.GetValue(seed), Console.WriteLine);
            Console.WriteLine();
            Show(result.GetValue(seed), options with { Listener = Console.WriteLine });
            Console.WriteLine(Replay(result.GetValue(seed), options));
            return 0;
        });
        return command;
    }

    private static Option<int[]> Numbers(string name, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => [],
        CustomParser = parsed => [.. parsed.Tokens.SelectMany(token => token.Value.Split(',')).Select(int.Parse)],
    };

    private static int Run(int from, int seeds, int threads, TimeSpan most, bool untilViolation)
    {
        var watch = Stopwatch.StartNew();
        var coverage = new Coverage();
        var (runs, steps, told) = (0, 0L, 0L);
        var failed = new List<RunResult>();
        Simulations.RunMany(from, seeds, threads, most, untilViolation, result =>
        {
            runs++;
            steps += result.Steps;
            coverage.Add(result.Coverage);
            if (result.Violation is { } violation)
            {
                failed.Add(result);
                if (failed.Count <= MostTold)
                {
                    Console.WriteLine($"seed {result.Seed}: {violation.Message}");
                    Console.WriteLine($"  {Replay(result.Seed, RunOptions.Whole)}");
                }
            }

            if (!Console.IsErrorRedirected && watch.ElapsedMilliseconds - told > 500)
            {
                told = watch.ElapsedMilliseconds;
                Console.Error.Write($"\r{runs} of {seeds} runs, {failed.Count} failed, {runs / watch.Elapsed.TotalMinutes:0} a minute ");
            }
        });
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{runs} runs of 30 simulated seconds, {failed.Count} failed, {steps} steps, {watch.Elapsed.TotalSeconds:0.0} s, {runs / watch.Elapsed.TotalMinutes:0} runs a minute"));
        Console.WriteLine(coverage);
        if (untilViolation && failed.Count > 0)
        {
            Console.WriteLine($"caught by seed {failed[0].Seed} after {runs} runs: {failed[0].Violation!.Invariant}");
        }

        return failed.Count == 0 ? 0 : 1;
    }

    private static int Show(int seed, RunOptions options)
    {
        var result = Simulations.Run(seed, options);
        Console.WriteLine(result.Violation is { } violation ? $"seed {seed} fails: {violation.Message}" : $"seed {seed} holds: {result.Coverage}");
        if (result.Violation?.InnerException is { } inner)
        {
            Console.WriteLine(inner);
        }

        return result.Violation is null ? 0 : 1;
    }
}
