namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>Leaves out of a failing run what it does not need: noise, then faults, then clients; in halves first, then one by one.</summary>
internal static class Shrinker
{
    public static RunOptions Shrink(int seed, Action<string> tell)
    {
        var config = new WorldConfig(seed);
        return Shrink([.. Fault.Plan(config).Select(fault => fault.Number)], config.Clients, candidate =>
        {
            var violation = Simulations.Run(seed, candidate).Violation;
            tell($"{candidate.Arguments().Trim()}: {violation?.Message ?? "holds"}");
            return violation is not null;
        });
    }

    /// <exception cref="InvalidOperationException">The whole run does not fail.</exception>
    public static RunOptions Shrink(int[] faults, int clients, Func<RunOptions, bool> fails)
    {
        if (!fails(RunOptions.Whole))
        {
            throw new InvalidOperationException("The run does not fail; there is nothing to cut.");
        }

        var options = RunOptions.Whole;
        if (fails(options with { WithoutNoise = true }))
        {
            options = options with { WithoutNoise = true };
        }

        options = options with
        {
            WithoutFaults = Cut(faults, without => options with { WithoutFaults = without }),
        };
        options = options with
        {
            WithoutClients = Cut([.. Enumerable.Range(0, clients)], without => options with { WithoutClients = without }),
        };
        if (!options.WithoutNoise && fails(options with { WithoutNoise = true }))
        {
            options = options with { WithoutNoise = true };
        }

        return options;

        HashSet<int> Cut(int[] all, Func<HashSet<int>, RunOptions> with)
        {
            var without = new HashSet<int>();
            for (var size = Math.Max(1, all.Length / 2); size >= 1; size /= 2)
            {
                foreach (var part in all.Where(number => !without.Contains(number)).Chunk(size).ToArray())
                {
                    var candidate = new HashSet<int>(without.Union(part));
                    if (fails(with(candidate)))
                    {
                        without = candidate;
                    }
                }
            }

            return without;
        }
    }
}
