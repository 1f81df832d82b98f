namespace AkkaScale.Tests.Simulation.Cluster;

/// <summary>What goes wrong in one run, and when.</summary>
internal sealed class ClusterFaults(ClusterWorld world)
{
    private Dice Dice => world.Dice;

    /// <returns>When the last fault is over.</returns>
    public TimeSpan Plan()
    {
        var end = TimeSpan.FromSeconds(4);
        var count = 1 + Dice.Below(7);
        for (var number = 0; number < count; number++)
        {
            var at = Dice.Seconds(Dice.Chance(0.3) ? 0 : 3, 14);
            end = Later(end, at + Plan(at, number));
        }

        return end;
    }

    private TimeSpan Plan(TimeSpan at, int number)
    {
        var slot = Dice.Below(world.Slots.Length);
        switch (Dice.Below(number == 0 ? 10 : 9))
        {
            case 0:
                var kills = Dice.Chance(0.15) ? world.Slots.Length : 1 + Dice.Below(2);
                for (var killed = 0; killed < kills; killed++)
                {
                    var next = (slot + killed) % world.Slots.Length;
                    At(at, ClusterSituation.Kill, $"kills node-{next}", () => world.Slots[next]?.Exit("killed"));
                }

                return TimeSpan.Zero;
            case 1 or 2:
                var freeze = Dice.Seconds(0.3, 6);
                At(at, ClusterSituation.Freeze, $"stops node-{slot} for {freeze.TotalSeconds:0.0} s", () => world.Slots[slot]?.Freeze(freeze));
                return freeze;
            case 3:
                At(at, ClusterSituation.Leave, $"ends node-{slot}", () => world.Slots[slot]?.Run(world.Slots[slot]!.Leave));
                return TimeSpan.Zero;
            case 4:
                var away = Dice.Seconds(0.2, 5);
                At(at, ClusterSituation.DatabaseAway, $"takes the database away for {away.TotalSeconds:0.0} s", () => world.Line.GoAway(away));
                return away;
            case 5:
                var lineCut = Dice.Seconds(0.2, 5);
                At(at, ClusterSituation.LineCut, $"cuts node-{slot} from the database for {lineCut.TotalSeconds:0.0} s", () => CutLine(slot, lineCut));
                return lineCut;
            case 6:
                return CutLink(at, slot, (slot + 1 + Dice.Below(world.Slots.Length - 1)) % world.Slots.Length);
            case 7 or 8:
                return Split(at);
            default:
                return Flap(at, slot);
        }
    }

    private void CutLine(int slot, TimeSpan duration)
    {
        if (world.Slots[slot] is { } process)
        {
            process.IsLineCut = true;
            world.Time.After(duration, () => process.IsLineCut = false);
        }
    }

    private TimeSpan CutLink(TimeSpan at, int one, int other)
    {
        var duration = Dice.Seconds(1, 14);
        var both = Dice.Chance(0.5);
        At(at, ClusterSituation.LinkCut, $"cuts node-{one} from node-{other}{(both ? "" : ", one way,")} for {duration.TotalSeconds:0.0} s",
            () => Cut(one, other, both, duration));
        return duration;
    }

    private TimeSpan Split(TimeSpan at)
    {
        var duration = Dice.Seconds(2, 14);
        var oneWay = Dice.Chance(0.2);
        var side = Enumerable.Range(0, world.Slots.Length).Where(_ => Dice.Chance(0.5)).ToHashSet();
        At(at, ClusterSituation.Split, $"splits off {string.Join(", ", side)} for {duration.TotalSeconds:0.0} s", () =>
        {
            foreach (var one in side)
            {
                foreach (var other in Enumerable.Range(0, world.Slots.Length).Where(other => !side.Contains(other)))
                {
                    Cut(one, other, !oneWay, duration);
                }
            }
        });
        return duration;
    }

    /// <summary>Long enough away to be unreachable each time, never long enough to be sent away for that.</summary>
    private TimeSpan Flap(TimeSpan at, int slot)
    {
        var from = at;
        var until = at + TimeSpan.FromSeconds(26);
        while (from < until)
        {
            var cut = Dice.Seconds(3, 4);
            At(from, ClusterSituation.Flapping, $"cuts node-{slot} from all for {cut.TotalSeconds:0.0} s", () =>
            {
                foreach (var other in Enumerable.Range(0, world.Slots.Length).Where(other => other != slot))
                {
                    Cut(slot, other, true, cut);
                }
            });
            from += cut + Dice.Seconds(0.5, 1);
        }

        return from - at;
    }

    private void Cut(int one, int other, bool both, TimeSpan duration)
    {
        Change(1);
        world.Time.After(duration, () => Change(-1));

        void Change(int change)
        {
            world.Links.Cut(one, other, change);
            if (both)
            {
                world.Links.Cut(other, one, change);
            }
        }
    }

    private void At(TimeSpan at, ClusterSituation situation, string what, Action action) => world.Time.After(at, () =>
    {
        world.Coverage.Met(situation);
        world.Tell(null, what);
        action();
    });

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
