using System.Collections.Concurrent;
using AkkaScale.Cluster.Storage;

namespace AkkaScale.Cluster.Leases;

/// <summary>State of <see cref="LeaseMachine"/>. Stepped by one owner at a time; <see cref="EpochOf"/> may be asked from anywhere.</summary>
internal sealed class LeaseState(string own)
{
    private readonly ConcurrentDictionary<string, long> _epochs = new(StringComparer.Ordinal);

    /// <summary>This process's incarnation.</summary>
    public string Own => own;

    /// <summary>What is known of each lease that this process has or had to do with.</summary>
    public Dictionary<string, Entry> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Those of the entries for which something is to be done, now or later.</summary>
    public HashSet<string> Busy { get; } = new(StringComparer.Ordinal);

    /// <summary>The statement under way; null while there is none.</summary>
    public LeaseEffect? UnderWay { get; set; }

    public TimeSpan SentAt { get; set; }

    /// <summary>After a failure nothing is sent before this.</summary>
    public TimeSpan NotBefore { get; set; } = TimeSpan.MinValue;

    /// <summary>Which kind of statement was sent last.</summary>
    public int Turn { get; set; }

    /// <summary>Why this incarnation has no leases any more; null while it may have some.</summary>
    public string? Ended { get; set; }

    /// <summary>The epoch by which this process holds the lease; null when it does not.</summary>
    public long? EpochOf(string name) => _epochs.TryGetValue(name, out var epoch) ? epoch : null;

    /// <summary>The entry, made if it is not there, and from now on looked at.</summary>
    internal Entry EntryOf(string name)
    {
        if (!Entries.TryGetValue(name, out var entry))
        {
            Entries.Add(name, entry = new Entry(name));
        }

        Busy.Add(name);
        return entry;
    }

    /// <summary>Drops from sight what needs nothing, and altogether what is not held either. What is under way comes back with its answer.</summary>
    internal void ForgetIdle()
    {
        foreach (var name in Busy)
        {
            if (!Entries[name].IsIdle)
            {
                continue;
            }

            Busy.Remove(name);
            if (EpochOf(name) is null)
            {
                Entries.Remove(name);
            }
        }
    }

    internal void Hold(Entry entry, long epoch) => _epochs[entry.Name] = epoch;

    internal void GiveUp(Entry entry) => _epochs.TryRemove(entry.Name, out _);

    internal sealed class Entry(string name)
    {
        public string Name => name;

        public List<(LeaseWaiter Waiter, TimeSpan Until)> Waiting { get; } = [];

        /// <summary>Who was answered that it has the lease.</summary>
        public List<LeaseWaiter> Holders { get; } = [];

        /// <summary>When the next try to acquire is due; while somebody waits, or the book believed to hold what the row says is free.</summary>
        public TimeSpan? AcquireAt { get; set; }

        /// <summary>To be released, and not answered yet.</summary>
        public LeaseClaim? GivenUp { get; set; }

        /// <summary>
        /// Until when an acquire of unknown outcome may take effect. It has ended when a statement sent after this time was answered.
        /// </summary>
        public TimeSpan? InDoubtUntil { get; set; }

        /// <summary>When the row is to be read; null when it need not be.</summary>
        public TimeSpan? ReadAt { get; set; }

        public bool IsIdle => Waiting.Count == 0 && AcquireAt is null && GivenUp is null && InDoubtUntil is null && ReadAt is null;
    }
}
