namespace AkkaScale.LegacyCluster.Transport;

/// <summary>
/// Lets a message about one subject through once per period. Subjects come from the network, so their number is bounded:
/// past it all new ones share a single slot.
/// </summary>
internal sealed class LogThrottle(TimeProvider time, TimeSpan period)
{
    private const int MaxSubjects = 256;
    private const string Overflow = "";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Since, int Suppressed)> _subjects = [];

    /// <summary>True: log it now. <paramref name="suppressed"/> counts the messages held back since the last one.</summary>
    public bool TryPass(string subject, out int suppressed)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            if (!_subjects.ContainsKey(subject) && _subjects.Count >= MaxSubjects)
            {
                ForgetOld_NeedsLock(now);
                subject = _subjects.Count >= MaxSubjects ? Overflow : subject;
            }

            if (_subjects.TryGetValue(subject, out var last) && time.GetElapsedTime(last.Since, now) < period)
            {
                _subjects[subject] = (last.Since, last.Suppressed + 1);
                suppressed = 0;
                return false;
            }

            suppressed = last.Suppressed;
            _subjects[subject] = (now, 0);
            return true;
        }
    }

    private void ForgetOld_NeedsLock(long now)
    {
        foreach (var (subject, (since, _)) in _subjects)
        {
            if (time.GetElapsedTime(since, now) >= period)
            {
                _subjects.Remove(subject);
            }
        }
    }
}
