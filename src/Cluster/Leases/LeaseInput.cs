namespace AkkaScale.Cluster.Leases;

/// <summary>What the book of leases learns. Times are of this process's own monotonic clock.</summary>
internal abstract record LeaseInput
{
    private LeaseInput()
    {
    }

    /// <summary>A shard wants its lease. Always asked of the database, even when the book has it: see <see cref="LeaseMachine"/>.</summary>
    internal sealed record Acquire(string Name, LeaseWaiter Waiter, TimeSpan Now) : LeaseInput;

    /// <summary>The shard ends: the lease is given back, and whoever still waits for it is answered false.</summary>
    internal sealed record Release(string Name, TimeSpan Now) : LeaseInput;

    internal sealed record Tick(TimeSpan Now) : LeaseInput;

    /// <summary>An incarnation was found to be dead or to have left: what it held can be had.</summary>
    internal sealed record DeathKnown(TimeSpan Now) : LeaseInput;

    /// <summary>The database refused a write of that epoch.</summary>
    internal sealed record Refused(string Name, long Epoch, TimeSpan Now) : LeaseInput;

    /// <summary>The statement was answered.</summary>
    internal sealed record Acquired(IReadOnlyList<Storage.LeaseRow> Rows, TimeSpan Now) : LeaseInput;

    internal sealed record Released(TimeSpan Now) : LeaseInput;

    internal sealed record WereRead(IReadOnlyList<Storage.LeaseRow> Rows, TimeSpan Now) : LeaseInput;

    /// <summary>The statement under way broke its session: it may have taken effect, or may do so still.</summary>
    internal sealed record Failed(TimeSpan Now) : LeaseInput;

    /// <summary>What was read may be gone from the database: whoever holds a lease is to begin anew.</summary>
    internal sealed record Dropped(string Reason, TimeSpan Now) : LeaseInput;

    /// <summary>This incarnation is down, dead or ends: it has no leases any more.</summary>
    internal sealed record Ended(string Reason) : LeaseInput;
}
