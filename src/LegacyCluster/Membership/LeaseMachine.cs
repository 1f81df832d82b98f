namespace AkkaScale.LegacyCluster.Membership;

/// <summary>
/// The own lease: which renewals were sent, and up to when that allows serving. The deadline is the time a successful renewal was
/// <b>sent</b> plus TTL·(1−g).
/// </summary>
/// <remarks>
/// A renewal of unknown outcome may have been applied, so an applied one that follows may report a counter that the lost one
/// raised. Observers saw that counter since then, and count from then. Hence the deadline counts from the attempt that can have
/// raised the counter to what it is: the m-th raise was sent no earlier than the m-th attempt since the last known counter.
/// </remarks>
public sealed class LeaseMachine(TimeSpan servingPeriod)
{
    // One second of unknown outcomes is a handful; an hour of them must not become a list without end.
    private const int MaxAttempts = 64;

    private readonly List<TimeSpan> _attempts = [];

    /// <summary>The last counter that is known to be in the row.</summary>
    public long Counter { get; private set; }

    /// <summary>A renewal was refused: there is no way back for this incarnation.</summary>
    public bool IsLost { get; private set; }

    public LeaseTimes Times { get; private set; }

    /// <summary>To be called right before a renewal of <see cref="Counter"/> is sent.</summary>
    public void Sent(TimeSpan now)
    {
        if (_attempts.Count == MaxAttempts)
        {
            // Keeping the oldest errs on the short side.
            _attempts.RemoveAt(MaxAttempts - 1);
        }

        _attempts.Add(now);
    }

    public void Answered(WriteOutcome outcome, long counter)
    {
        switch (outcome)
        {
            // Revoked while the renewal was under way: an answer does not bring it back.
            case var _ when IsLost:
                break;

            case WriteOutcome.Applied:
                var raises = (int)Math.Clamp(counter - Counter, 1, _attempts.Count);
                Counter = counter;
                var sent = _attempts[raises - 1];
                Times = new LeaseTimes(sent, sent + servingPeriod);
                _attempts.Clear();
                break;

            case WriteOutcome.Refused:
                Revoke();
                break;

            case WriteOutcome.Unknown:
                break;
        }
    }

    /// <summary>Ends the lease from this side: the member is known to be down, or it has left.</summary>
    public void Revoke()
    {
        IsLost = true;
        Times = Times with { ValidUntil = TimeSpan.Zero };
    }
}
