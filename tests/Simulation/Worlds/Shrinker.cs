namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>Leaves out of a failing run what it does not need: noise, then faults, then clients; in halves first, then one by one.</summary>
internal static class Shrinker
{
    public static RunOptions Shrink(int seed, Action<string> tell)
    {
        var config = new WorldConfig(seed);
        if (Simulations.Run(seed, RunOptions.Whole).Violation is null)
        {
            throw new InvalidOperationException($"Seed {seed} does not fail.");
        }

        var options = RunOptions.Whole;
        if (Fails(options with { WithoutNoise = true }))
        {
            options = options with { WithoutNoise = true };
        }

        options = options with
        {
            WithoutFaults = Cut([.. Fault.Plan(config).Select(fault => fault.Number)], without => options with { WithoutFaults = without }),
        };
        options = options with
        {
            WithoutClients = Cut([.. Enumerable.Range(0, config.Clients)], without => options with { WithoutClients = without }),
        };
        if (!options.WithoutNoise && Fails(options with { WithoutNoise = true }))
        {
            options = options with { WithoutNoise = true };
        }

        return options;

        bool Fails(RunOptions candidate)
        {
            var violation = Simulations.Run(seed, candidate).Violation;
            tell($"without {candidate.Arguments().Trim()}: {violation?.Message ?? "holds"}");
            return violation is not null;
        }

        HashSet<int> Cut(int[] all, Func<HashSet<int>, RunOptions> with)
        {
            var without = new HashSet<int>();
            for (var size = Math.Max(1, all.Length / 2); size >= 1; size /= 2)
            {
                foreach (var part in all.Where(number => !without.Contains(number)).Chunk(size).ToArray())
                {
                    var candidate = new HashSet<int>(without.Union(part));
                    if (Fails(with(candidate)))
                    {
                        without = candidate;
                    }
                }
            }

            return without;
        }
    }
}
