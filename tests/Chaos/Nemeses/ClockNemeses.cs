using AkkaScale.Tests.Chaos.Rig;

namespace AkkaScale.Tests.Chaos.Nemeses;

/// <summary>Wall clocks that jump by an hour, there and back. Nothing but due times of timers may depend on them.</summary>
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
        var server = strike.Cluster.Databases!.Primary;
        var jump = Direction(strike);
        strike.Begin(server.Name, $"{jump.TotalMinutes:+0;-0} minutes for {Time.TotalSeconds} s", Strike.CrashBound);
        server.Control!.WallOffset = jump;
        var said = await server.TryScalarAsync("SELECT clock_timestamp()") is DateTime time ? time.ToUniversalTime() - DateTime.UtcNow : TimeSpan.Zero;
        await strike.HoldAsync(Time);
        server.Control.WallOffset = TimeSpan.Zero;
        strike.Effect(Math.Abs(said.TotalMinutes) > 50, $"its clock was {said.TotalMinutes:+0;-0} minutes off, read {server.Control.ClockReads} times");
    }

    private static TimeSpan Direction(Strike strike) => strike.Random.Next(2) == 0 ? Jump : -Jump;
}
