using AkkaScale.Tests.Chaos.Rig;

namespace AkkaScale.Tests.Chaos.Nemeses;

/// <summary>Wall clocks that jump by an hour, there and back. Nothing may depend on them.</summary>
internal static class ClockNemeses
{
    private static readonly TimeSpan Jump = TimeSpan.FromHours(1);
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(5);

    public static IEnumerable<Nemesis> All =>
    [
        new("clock-node", "a node's wall clock jumps by an hour, and back", Area.Clock, NodeAsync) { WhyNot = cluster => cluster.NoShim },
        new("clock-database", "the wall clock of the primary jumps by an hour, and back", Area.Clock, DatabaseAsync)
        {
            NeedsDatabase = true,
            WhyNot = cluster => cluster.NoShim,
        },
    ];

    private static async Task NodeAsync(Strike strike)
    {
        var node = await strike.ChooseNodeAsync();
        var control = strike.Cluster.ControlOf(node.Name)!;
        var before = control.ClockReads;
        var jump = Direction(strike);
        strike.Begin(node.Name, $"{jump.TotalMinutes:+0;-0} minutes for {Time.TotalSeconds} s", Strike.CrashBound);
        control.WallOffset = jump;
        await strike.HoldAsync(Time);
        control.WallOffset = TimeSpan.Zero;
        strike.Effect(control.ClockReads > before, $"it read its clock {control.ClockReads - before} times an hour off");
    }

    private static async Task DatabaseAsync(Strike strike)
    {
        var pair = strike.Cluster.Databases!;
        var jump = Direction(strike);
        strike.Begin(pair.Primary.Name, $"{jump.TotalMinutes:+0;-0} minutes for {Time.TotalSeconds} s", Strike.CrashBound);
        try
        {
            // Another nemesis may stop the server or replace it meanwhile: whoever is primary then has the wrong time.
            await strike.EffectAsync(async () =>
            {
                var server = pair.Primary;
                server.Control!.WallOffset = jump;
                return await server.TryScalarAsync("SELECT clock_timestamp()") is DateTime time && (time.ToUniversalTime() - DateTime.UtcNow) / jump > 0.8
                    ? $"{server.Name} said that it was {(time.ToUniversalTime() - DateTime.UtcNow).TotalMinutes:+0;-0} minutes from now"
                    : null;
            });
            await strike.HoldAsync(Time);
        }
        finally
        {
            foreach (var server in pair.Servers)
            {
                server.Control!.WallOffset = TimeSpan.Zero;
            }
        }
    }

    private static TimeSpan Direction(Strike strike) => strike.Random.Next(2) == 0 ? Jump : -Jump;
}
