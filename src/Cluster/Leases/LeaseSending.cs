namespace AkkaScale.Cluster.Leases;

/// <summary>Which statement of a <see cref="LeaseMachine"/> goes next.</summary>
internal static class LeaseSending
{
    public static void Send(LeaseState state, TimeSpan now, LeaseLimits limits, List<LeaseEffect> effects)
    {
        state.ForgetIdle();
        if (state.UnderWay is null && now >= state.NotBefore && Next(state, now, limits) is { } next)
        {
            state.UnderWay = next;
            state.SentAt = now;
            effects.Add(next);
        }
    }

    public static TimeSpan? NextAt(LeaseState state)
    {
        TimeSpan? next = null;
        foreach (var entry in state.Busy.Select(name => state.Entries[name]))
        {
            foreach (var waiting in entry.Waiting)
            {
                next = Earlier(next, waiting.Until);
            }

            if (state.UnderWay is null)
            {
                next = Earlier(next, Later(entry.AcquireAt, state.NotBefore));
                next = Earlier(next, Later(entry.ReadAt, state.NotBefore));
                next = Earlier(next, entry.GivenUp is null ? null : state.NotBefore);
            }
        }

        return next;
    }

    /// <summary>The kinds take turns, so that none starves another.</summary>
    private static LeaseEffect? Next(LeaseState state, TimeSpan now, LeaseLimits limits)
    {
        var entries = state.Busy.Select(name => state.Entries[name]).ToList();
        for (var tried = 0; tried < 3; tried++)
        {
            state.Turn = (state.Turn + 1) % 3;
            LeaseEffect? next = state.Turn switch
            {
                0 => Release(entries, limits),
                1 => Acquire(entries, now, limits),
                _ => Read(entries, now, limits),
            };
            if (next is not null)
            {
                return next;
            }
        }

        return null;
    }

    private static LeaseEffect.SendRelease? Release(List<LeaseState.Entry> entries, LeaseLimits limits)
    {
        var due = Pick(entries, entry => entry.GivenUp is null ? null : TimeSpan.Zero, TimeSpan.Zero, limits);
        return due.Count == 0 ? null : new LeaseEffect.SendRelease([.. due.Select(entry => entry.GivenUp!.Value)]);
    }

    private static LeaseEffect.SendAcquire? Acquire(List<LeaseState.Entry> entries, TimeSpan now, LeaseLimits limits)
    {
        var due = Pick(entries, entry => entry.AcquireAt, now, limits);
        due.ForEach(entry => entry.AcquireAt = null);
        return due.Count == 0 ? null : new LeaseEffect.SendAcquire([.. due.Select(entry => entry.Name)]);
    }

    private static LeaseEffect.SendRead? Read(List<LeaseState.Entry> entries, TimeSpan now, LeaseLimits limits)
    {
        var due = Pick(entries, entry => entry.ReadAt, now, limits);
        due.ForEach(entry => entry.ReadAt = null);
        return due.Count == 0 ? null : new LeaseEffect.SendRead([.. due.Select(entry => entry.Name)]);
    }

    /// <summary>Those due, the longest due first, as many as a statement takes; in order of their names, as rows are locked.</summary>
    private static List<LeaseState.Entry> Pick(
        List<LeaseState.Entry> entries, Func<LeaseState.Entry, TimeSpan?> dueAt, TimeSpan now, LeaseLimits limits) =>
    [
        .. entries.Where(entry => dueAt(entry) <= now)
            .OrderBy(dueAt).ThenBy(entry => entry.Name, StringComparer.Ordinal)
            .Take(limits.NamesPerStatement)
            .OrderBy(entry => entry.Name, StringComparer.Ordinal),
    ];

    private static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) => other is null || one < other ? one : other;

    private static TimeSpan? Later(TimeSpan? one, TimeSpan other) => one < other ? other : one;
}
