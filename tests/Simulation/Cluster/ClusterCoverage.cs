namespace AkkaScale.Tests.Simulation.Cluster;

internal enum ClusterSituation
{
    Freeze,
    Kill,
    Leave,
    DatabaseAway,
    LineCut,
    LinkCut,
    Split,
    Flapping,
    LateEffect,
    LostReply,
    Founded,
    FoundedAgain,
    Joined,
    WaitedForPredecessor,
    DeclaredDead,
    SentAway,
    SentAwayForFlapping,
    GaveWay,
    ClaimRefused,
    ThawedPastDeadline,
    Suspended,
    LeaseTaken,
    TakenFromDead,
    Released,
    CancelledWhileAsking,
    GivenBackUnwanted,
    AnsweredFalse,
    Lost,
    Dropped,
    Appended,
    AppendRefused,
    AdoptedLateAcquire,
}

/// <summary>How often each situation was met.</summary>
internal sealed class ClusterCoverage
{
    private readonly long[] _counts = new long[Enum.GetValues<ClusterSituation>().Length];

    public IEnumerable<ClusterSituation> Missing => Enum.GetValues<ClusterSituation>().Where(situation => _counts[(int)situation] == 0);

    public void Met(ClusterSituation situation) => _counts[(int)situation]++;

    public void Add(ClusterCoverage other)
    {
        for (var index = 0; index < _counts.Length; index++)
        {
            _counts[index] += other._counts[index];
        }
    }

    public override string ToString() =>
        string.Join(", ", Enum.GetValues<ClusterSituation>().Select(situation => $"{situation} {_counts[(int)situation]}"));
}
