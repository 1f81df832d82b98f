using AkkaScale.Cluster.Storage;

namespace AkkaScale.Cluster.Leases;

/// <summary>Which leases one process takes, keeps and gives back, by what the rows of the table say.</summary>
/// <remarks>
/// <para>An acquire is always sent, even for a lease that the book has: the row's next epoch fences what a former instance of the shard in
/// this same process still has queued. While another has the lease it is tried again and again, and nobody is answered.</para>
/// <para>A lease is lost only when its row names another owner, or this incarnation has ended; never by time, and not because a write was
/// refused: that may be an own acquire that took effect late, and the row tells.</para>
/// <para>No lease stays behind that nobody here wants. A statement that failed may have taken effect, and its server process may finish it
/// even later: for as long as that can be, the row is read, and what turns out to be this process's is kept, if somebody wants it, or
/// released. A release names its epoch, so it cannot take away a later one, and is sent until it is answered.</para>
/// <para>One statement is under way at a time: nothing here is urgent enough for two connections, and two statements that lock several
/// rows would have to agree on their order. Releases, acquires and reads take turns, each gathers what is due.</para>
/// </remarks>
internal static class LeaseMachine
{
    /// <summary>How many retry intervals lie between two reads of a lease in doubt.</summary>
    private const int RetriesPerDoubt = 10;

    public static void Step(LeaseState state, LeaseInput input, LeaseLimits limits, List<LeaseEffect> effects)
    {
        if (state.Ended is not null)
        {
            if (input is LeaseInput.Acquire { Waiter: var late })
            {
                effects.Add(new LeaseEffect.Answer(late, false));
            }

            return;
        }

        if (input is LeaseInput.Ended(var reason))
        {
            End(state, reason, effects);
            return;
        }

        LeaseSending.Send(state, Take(state, input, limits, effects), limits, effects);
    }

    /// <summary>When the machine wants to be ticked; null while it waits for an answer, or for nothing.</summary>
    public static TimeSpan? NextAt(LeaseState state) => LeaseSending.NextAt(state);

    /// <returns>The time of the input.</returns>
    private static TimeSpan Take(LeaseState state, LeaseInput input, LeaseLimits limits, List<LeaseEffect> effects)
    {
        switch (input)
        {
            case LeaseInput.Acquire(var name, var waiter, var now):
                var wanted = state.EntryOf(name);
                wanted.Waiting.Add((waiter, now + limits.WaitAtMost));
                wanted.AcquireAt = now;
                return now;
            case LeaseInput.Release(var name, var now):
                if (state.Entries.ContainsKey(name))
                {
                    Release(state, state.EntryOf(name), now, effects);
                }

                return now;
            case LeaseInput.Dropped(var reason, var now):
                Drop(state, reason, now, effects);
                return now;
            case LeaseInput.Tick(var now):
                AnswerLate(state, now, effects);
                return now;
            case LeaseInput.DeathKnown(var now):
                foreach (var entry in state.Busy.Select(name => state.Entries[name]).Where(entry => entry.Waiting.Count > 0))
                {
                    entry.AcquireAt = now;
                }

                return now;
            case LeaseInput.Refused(var name, var epoch, var now):
                if (state.EpochOf(name) == epoch)
                {
                    state.EntryOf(name).ReadAt = now;
                }

                return now;
            case LeaseInput.Acquired(var rows, var now):
                Answered(state, rows, now, limits, effects, Acquired);
                return now;
            case LeaseInput.WereRead(var rows, var now):
                Answered(state, rows, now, limits, effects, WasRead);
                return now;
            case LeaseInput.Released(var now):
                Released(state);
                return now;
            case LeaseInput.Failed(var now):
                Failed(state, now, limits);
                return now;
            default:
                throw new InvalidOperationException($"Unknown input {input.GetType()}.");
        }
    }

    private static void Release(LeaseState state, LeaseState.Entry entry, TimeSpan now, List<LeaseEffect> effects)
    {
        effects.AddRange(entry.Waiting.Select(waiting => new LeaseEffect.Answer(waiting.Waiter, false)));
        entry.Waiting.Clear();
        entry.Holders.Clear();
        if (state.EpochOf(entry.Name) is { } epoch)
        {
            state.GiveUp(entry);
            entry.GivenUp = new LeaseClaim(entry.Name, epoch);
        }

        WantNoMore(entry, now);
    }

    /// <summary>Its holders stop; the shards that start again acquire by a later epoch.</summary>
    private static void Drop(LeaseState state, string reason, TimeSpan now, List<LeaseEffect> effects)
    {
        foreach (var entry in state.Entries.Values.Where(entry => state.EpochOf(entry.Name) is not null).ToList())
        {
            var epoch = state.EpochOf(entry.Name)!.Value;
            effects.Add(new LeaseEffect.TellLost(entry.Name, epoch, [.. entry.Holders], reason));
            entry.Holders.Clear();
            state.GiveUp(entry);
            state.EntryOf(entry.Name).GivenUp = new LeaseClaim(entry.Name, epoch);
        }
    }

    /// <summary>An acquire under way gives back what it gets when its answer comes.</summary>
    private static void WantNoMore(LeaseState.Entry entry, TimeSpan now)
    {
        entry.AcquireAt = null;
        if (entry.InDoubtUntil is not null)
        {
            entry.ReadAt = now;
        }
    }

    /// <summary>A lease that the book has stays: whoever had it before may be at work still.</summary>
    private static void AnswerLate(LeaseState state, TimeSpan now, List<LeaseEffect> effects)
    {
        foreach (var entry in state.Busy.Select(name => state.Entries[name]).Where(entry => entry.Waiting.Count > 0))
        {
            effects.AddRange(entry.Waiting.Where(waiting => waiting.Until <= now).Select(waiting => new LeaseEffect.Answer(waiting.Waiter, false)));
            entry.Waiting.RemoveAll(waiting => waiting.Until <= now);
            if (entry.Waiting.Count == 0)
            {
                WantNoMore(entry, now);
            }
        }
    }

    private static void Answered(
        LeaseState state, IReadOnlyList<LeaseRow> rows, TimeSpan now, LeaseLimits limits, List<LeaseEffect> effects,
        Action<LeaseState, LeaseState.Entry, LeaseRow, TimeSpan, LeaseLimits, List<LeaseEffect>> take)
    {
        foreach (var row in rows)
        {
            var entry = state.EntryOf(row.Name);
            if (entry.InDoubtUntil < state.SentAt)
            {
                entry.InDoubtUntil = null;
            }

            entry.ReadAt = entry.InDoubtUntil is null ? null : now + (limits.RetryInterval * RetriesPerDoubt);
            take(state, entry, row, now, limits, effects);
            if (row.Owner != state.Own)
            {
                entry.GivenUp = null;
                IsAnothers(state, entry, row, effects);
            }

            if (row.Owner != state.Own && (entry.Waiting.Count > 0 || state.EpochOf(row.Name) is not null))
            {
                entry.AcquireAt = now + limits.RetryInterval;
            }
        }

        state.UnderWay = null;
    }

    private static void Acquired(
        LeaseState state, LeaseState.Entry entry, LeaseRow row, TimeSpan now, LeaseLimits limits, List<LeaseEffect> effects)
    {
        entry.AcquireAt = null;
        if (row.Owner != state.Own)
        {
            return;
        }

        // An own row that is not live takes nothing, and what it had before still names it: no shard may start by an epoch that another used.
        var former = state.EpochOf(row.Name) ?? entry.GivenUp?.Epoch ?? 0;
        if (row.Epoch <= former)
        {
            entry.AcquireAt = entry.Waiting.Count > 0 ? now + limits.RetryInterval : null;
            return;
        }

        if (entry.Waiting.Count == 0 && state.EpochOf(row.Name) is null)
        {
            entry.GivenUp = new LeaseClaim(row.Name, row.Epoch);
            return;
        }

        entry.GivenUp = null;
        state.Hold(entry, row.Epoch);
        if (entry.Waiting.Count > 0)
        {
            entry.Holders.Clear();
            entry.Holders.AddRange(entry.Waiting.Select(waiting => waiting.Waiter));
            effects.AddRange(entry.Holders.Select(waiter => new LeaseEffect.Answer(waiter, true)));
            entry.Waiting.Clear();
        }
    }

    private static void WasRead(
        LeaseState state, LeaseState.Entry entry, LeaseRow row, TimeSpan now, LeaseLimits limits, List<LeaseEffect> effects)
    {
        if (row.Owner != state.Own)
        {
            return;
        }

        if (state.EpochOf(row.Name) is not null)
        {
            state.Hold(entry, row.Epoch);
        }
        else if (entry.Waiting.Count == 0)
        {
            entry.GivenUp = new LeaseClaim(row.Name, row.Epoch);
        }
    }

    /// <summary>A row without an owner takes nothing from anybody: what the book has of it is acquired again.</summary>
    private static void IsAnothers(LeaseState state, LeaseState.Entry entry, LeaseRow row, List<LeaseEffect> effects)
    {
        if (row.Owner is not null && state.EpochOf(row.Name) is { } lost)
        {
            state.GiveUp(entry);
            effects.Add(new LeaseEffect.TellLost(row.Name, lost, [.. entry.Holders], $"{row.Owner} has it by epoch {row.Epoch}"));
            entry.Holders.Clear();
        }
    }

    private static void Released(LeaseState state)
    {
        foreach (var claim in ((LeaseEffect.SendRelease)state.UnderWay!).Claims)
        {
            var entry = state.EntryOf(claim.Name);
            if (entry.GivenUp == claim)
            {
                entry.GivenUp = null;
            }
        }

        state.UnderWay = null;
    }

    private static void Failed(LeaseState state, TimeSpan now, LeaseLimits limits)
    {
        state.NotBefore = now + limits.RetryInterval;
        switch (state.UnderWay)
        {
            case LeaseEffect.SendAcquire(var names):
                foreach (var entry in names.Select(state.EntryOf))
                {
                    entry.InDoubtUntil = now + limits.DoubtLasts;
                    entry.ReadAt = now + limits.RetryInterval;
                    entry.AcquireAt = entry.Waiting.Count > 0 || state.EpochOf(entry.Name) is not null ? state.NotBefore : null;
                }

                break;
            case LeaseEffect.SendRead(var names):
                foreach (var entry in names.Select(state.EntryOf))
                {
                    entry.ReadAt = state.NotBefore;
                }

                break;
        }

        state.UnderWay = null;
    }

    private static void End(LeaseState state, string reason, List<LeaseEffect> effects)
    {
        state.Ended = reason;
        state.UnderWay = null;
        foreach (var entry in state.Entries.Values)
        {
            effects.AddRange(entry.Waiting.Select(waiting => new LeaseEffect.Answer(waiting.Waiter, false)));
            if (state.EpochOf(entry.Name) is { } epoch)
            {
                state.GiveUp(entry);
                effects.Add(new LeaseEffect.TellLost(entry.Name, epoch, [.. entry.Holders], reason));
            }
        }

        state.Entries.Clear();
        state.Busy.Clear();
    }
}
