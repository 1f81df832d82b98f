namespace AkkaScale.Tests.Simulation.Cluster;

/// <summary>Between processes and the database: late, lost on the way there, lost on the way back, or done after the client gave up.</summary>
internal sealed class SimulatedLine(TrueTime time, Dice dice, ClusterCoverage coverage)
{
    /// <summary>How long after its failure a statement may be done; below what the rules of the leases reckon with.</summary>
    private const double LatestEffect = 4.5;

    private int _outages;

    /// <summary>Of the calls that something happens to without any fault of the plan.</summary>
    public double Noise { get; set; }

    public bool IsAway => _outages > 0;

    /// <summary>When the last outage that was long enough for everybody to notice ended.</summary>
    public TimeSpan BackSince { get; private set; } = TimeSpan.MinValue;

    public void GoAway(TimeSpan duration)
    {
        _outages++;
        time.After(duration, () =>
        {
            _outages--;
            BackSince = duration >= SimulatedProcess.Noticed ? time.Now : BackSince;
        });
    }

    /// <param name="effect">One step of the tables.</param>
    /// <param name="answered">Run on the process, when it is not stopped.</param>
    /// <param name="failed">The same.</param>
    public void Call<T>(SimulatedProcess process, Func<T> effect, Action<T> answered, Action failed)
    {
        var fate = Noise > 0 && dice.Chance(Noise) ? dice.Below(4) : -1;
        time.After(Latency(), () =>
        {
            if (IsAway || process.IsLineCut || fate == 0)
            {
                Fail(process, failed);
                return;
            }

            if (fate == 1)
            {
                coverage.Met(ClusterSituation.LateEffect);
                Fail(process, failed);
                time.After(dice.Seconds(0.05, LatestEffect), () => effect());
                return;
            }

            var result = effect();
            if (fate == 2)
            {
                coverage.Met(ClusterSituation.LostReply);
                Fail(process, failed);
                return;
            }

            time.After(fate == 3 ? dice.Seconds(0.1, 2) : Latency(), () => process.Run(IsAway || process.IsLineCut ? failed : () => answered(result)));
        });
    }

    /// <summary>Mostly the connection is reset; sometimes nobody says anything.</summary>
    private void Fail(SimulatedProcess process, Action failed) =>
        time.After(dice.Chance(0.8) ? dice.Seconds(0.001, 0.05) : dice.Seconds(0.5, 3), () => process.Run(failed));

    private TimeSpan Latency() => dice.Chance(0.97) ? dice.Seconds(0.0005, 0.004) : dice.Seconds(0.004, 0.3);
}
