namespace AkkaScale.Tests.Simulation.Cluster;

/// <summary>What came of one seed.</summary>
internal sealed record ClusterRun(int Seed, ClusterCoverage Coverage, long Steps, TimeSpan Time, ClusterViolationException? Violation);

/// <summary>Runs seeds, on as many threads as wished; the runs know nothing of each other.</summary>
internal static class ClusterSimulation
{
    public static string Replay(int seed) => $"dotnet run --project tests/Simulation -c Release -- --seed {seed}";

    public static ClusterRun Run(int seed, Action<string>? listener = null)
    {
        var world = new ClusterWorld(seed, listener);
        try
        {
            world.Run();
            return new ClusterRun(seed, world.Coverage, world.Time.Steps, world.Time.Now, null);
        }
        catch (ClusterViolationException violation)
        {
            return new ClusterRun(seed, world.Coverage, world.Time.Steps, world.Time.Now, violation);
        }
        catch (Exception error)
        {
            return new ClusterRun(seed, world.Coverage, world.Time.Steps, world.Time.Now, new ClusterViolationException($"at {world.Time.Now.TotalSeconds:0.000} s: {error}"));
        }
    }

    /// <param name="done">Called after each run, one at a time; false: no further ones.</param>
    public static void RunMany(int first, int count, int threads, Func<ClusterRun, bool> done)
    {
        var gate = new Lock();
        Parallel.For(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = threads }, (seed, loop) =>
        {
            var run = Run(seed);
            lock (gate)
            {
                if (!done(run))
                {
                    loop.Stop();
                }
            }
        });
    }
}
