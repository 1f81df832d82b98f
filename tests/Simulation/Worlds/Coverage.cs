using System.Text;

namespace AkkaScale.Tests.Simulation.Worlds;

internal enum Situation
{
    FencedAppend,
    UnknownOutcomeReloaded,
    AnsweredFromMemory,
    AnsweredFromJournal,
    HandoffInterruptedAtSource,
    HandoffInterruptedAtTarget,
    WarmStart,
    ColdHandoff,
    CopiesDiscarded,
    HandoffCalledOff,
    HandoffResumed,
    StaleRoute,
    ConfirmedRead,
    TailLost,
    Takeover,
    SessionLost,
    StoredRefusal,
    Acknowledged,
    Refused,
    Read,
    Fault,
}

/// <summary>How often each situation was met, over one run or many.</summary>
internal sealed class Coverage
{
    private readonly long[] _counts = new long[Enum.GetValues<Situation>().Length];

    public long this[Situation situation] => _counts[(int)situation];

    /// <summary>What was never met.</summary>
    public IEnumerable<Situation> Missing => Enum.GetValues<Situation>().Where(situation => this[situation] == 0);

    public void Met(Situation situation, long times = 1) => _counts[(int)situation] += times;

    public void Add(Coverage other)
    {
        for (var index = 0; index < _counts.Length; index++)
        {
            _counts[index] += other._counts[index];
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var situation in Enum.GetValues<Situation>())
        {
            text.Append(text.Length == 0 ? "" : ", ").Append(situation).Append(' ').Append(this[situation]);
        }

        return text.ToString();
    }
}
