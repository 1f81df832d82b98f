namespace AkkaScale.Tests.Simulation.Cluster;

/// <summary>Akka's part: gives each shard a home, moves it, and is wrong at times, as it may be.</summary>
internal sealed class ShardDirector(ClusterWorld world)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    private readonly Dictionary<string, SimulatedProcess> _homes = new(StringComparer.Ordinal);

    public void Start()
    {
        world.Time.After(Interval, Start);
        var members = world.Running.Where(process => process.Membership.HasJoined && !process.IsFrozen).ToList();
        if (members.Count == 0)
        {
            return;
        }

        foreach (var lease in ClusterWorld.Leases)
        {
            if (!_homes.TryGetValue(lease, out var home) || !home.IsRunning || !home.Membership.HasJoined)
            {
                _homes[lease] = home = world.Dice.Of(members);
                Later(home, 0.3, shards => shards.Start(lease));
            }
            else if (world.IsQuiet)
            {
                Correct(lease, home);
            }
            else
            {
                Disturb(lease, home, world.Dice.Of(members));
            }
        }
    }

    private void Disturb(string lease, SimulatedProcess home, SimulatedProcess other)
    {
        switch (world.Dice.Below(30))
        {
            case 0 or 1 when other != home:
                // A handoff; either end may be late.
                _homes[lease] = other;
                Later(home, 1.5, shards => shards.Stop(lease));
                Later(other, 1, shards => shards.Start(lease));
                break;
            case 2 when other != home:
                // Two coordinators.
                Later(other, 0.1, shards => shards.Start(lease));
                Later(other, 3, shards => shards.Stop(lease));
                break;
            case 3:
                Later(home, 0, shards =>
                {
                    shards.Stop(lease);
                    shards.Start(lease);
                    if (world.Dice.Chance(0.5))
                    {
                        shards.Stop(lease);
                        shards.Start(lease);
                    }
                });
                break;
            case 4:
                // It restarts without a word.
                Later(home, 0, shards => shards.Start(lease));
                break;
            case 5 when world.Dice.Chance(0.3):
                Later(home, 0, shards => shards.Drop());
                break;
        }
    }

    private void Correct(string lease, SimulatedProcess home)
    {
        foreach (var process in world.Running)
        {
            var wants = process.Shards.Wanted.Contains(lease);
            if (wants != (process == home))
            {
                process.Run(() =>
                {
                    if (wants)
                    {
                        process.Shards.Stop(lease);
                    }
                    else
                    {
                        process.Shards.Start(lease);
                    }
                });
            }
        }
    }

    private void Later(SimulatedProcess process, double mostSeconds, Action<SimulatedShards> action) =>
        process.After(world.Dice.Seconds(0, mostSeconds), () => action(process.Shards));
}
