namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>What came of one seed.</summary>
internal sealed record RunResult(int Seed, Coverage Coverage, long Steps, WorldViolationException? Violation);

/// <summary>Runs seeds, on as many threads as there are processors; the seeds' runs know nothing of each other.</summary>
internal static class Simulations
{
    public static RunResult Run(int seed, RunOptions options)
    {
        var config = new WorldConfig(seed);
        var world = new World(config, options);
        try
        {
            world.Run();
            return new RunResult(seed, world.Coverage, world.Agenda.Steps, null);
        }
        catch (WorldViolationException violation)
        {
            return new RunResult(seed, world.Coverage, world.Agenda.Steps, violation);
        }
    }

    /// <summary>Runs seeds from <paramref name="first"/> on, until all are done, the time is up, or, if wished, one fails.</summary>
    /// <param name="done">Called after each run, one at a time.</param>
    public static void RunMany(int first, int count, int threads, TimeSpan most, bool untilViolation, Action<RunResult> done)
    {
        var started = TimeProvider.System.GetTimestamp();
        var next = 0;
        var isOver = false;
        var gate = new Lock();
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(Work, 16 * 1024 * 1024)).ToArray();
        foreach (var worker in workers)
        {
            worker.Start();
        }

        foreach (var worker in workers)
        {
            worker.Join();
        }

        void Work()
        {
            while (!Volatile.Read(ref isOver) && TimeProvider.System.GetElapsedTime(started) < most)
            {
                var index = Interlocked.Increment(ref next) - 1;
                if (index >= count)
                {
                    return;
                }

                var result = Run(unchecked(first + index), RunOptions.Whole);
                lock (gate)
                {
                    done(result);
                }

                if (untilViolation && result.Violation is not null)
                {
                    Volatile.Write(ref isOver, true);
                }
            }
        }
    }
}
