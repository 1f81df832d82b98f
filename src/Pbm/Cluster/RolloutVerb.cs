using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Cluster;

/// <summary>`pbm cluster rollout`: in which order to restart nodes. Restarts none.</summary>
internal static class RolloutVerb
{
    public static Command Create(GlobalOptions global)
    {
        var rollout = new Command(
            "rollout", "In which order to restart nodes, who is last and why, and how long shards are expected to wait at each step; restarts none. Exit code 1 if something should be over first.");
        HelpWithExamples.Register(rollout, "pbm cluster rollout");
        rollout.SetAction((parsed, cancellation) => RunAsync(new Session(parsed, global), cancellation));
        return rollout;
    }

    private static async Task<int> RunAsync(Session session, CancellationToken cancellation)
    {
        var rollout = await session.GetAsync("/cluster/rollout", RolloutJson.Default.Rollout, cancellation).ConfigureAwait(false);
        var screen = session.Screen;
        if (screen.Json)
        {
            screen.WriteJson(rollout, RolloutJson.Default.Rollout);
        }
        else
        {
            Print(screen, rollout);
        }

        return rollout.Waits.Count > 0 ? ExitCode.Finding : ExitCode.Ok;
    }

    private static void Print(Screen screen, Rollout rollout)
    {
        var table = screen.NewTable("", "node", "version", "shards", "a shard waits", "why here");
        foreach (var (step, place) in rollout.Steps.Select((step, index) => (step, index + 1)))
        {
            table.AddRow(
                screen.Cell(place.ToString(CultureInfo.InvariantCulture)), screen.Cell(step.Name), screen.Cell(step.Version),
                screen.Cell(step.Shards.ToString(CultureInfo.InvariantCulture)), screen.Cell(Wait(step)), screen.Cell(step.Why));
        }

        screen.Write(table);
        screen.WriteLine(rollout.HandOvers == 0
            ? "how long a shard waits is not known: none was handed over yet"
            : $"a shard waits: the middle and the longest of the latest {Counted.Of(rollout.HandOvers, "hand-over")}");
        screen.WriteLine("one after the other: the next when the last is ready and has its part of the shards");
        foreach (var wait in rollout.Waits)
        {
            screen.WriteLine($"before that: {wait}", Color.Yellow);
        }
    }

    private static string Wait(RolloutStepShape step) => step switch
    {
        { Shards: 0 } => "-",
        { WaitSeconds: { } wait, LongestWaitSeconds: { } longest } => string.Create(CultureInfo.InvariantCulture, $"{wait:0.00} s, at most {longest:0.00} s"),
        _ => "unknown",
    };
}
