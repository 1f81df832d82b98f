using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>How one incarnation uses the embedded store.</summary>
public sealed class SqliteStoreOptions
{
    /// <summary>Directory of the store on a local disk; made if absent. Several processes of one host may share it (on Linux).</summary>
    public required string Directory { get; set; }

    /// <summary>Of this process: written into the lock files, so that a successor knows whom it waits for.</summary>
    public required Incarnation Incarnation { get; set; }

    /// <summary>Lifetime of a lease; whoever waits longer than a third of it for a lock looks at who holds it.</summary>
    public TimeSpan LeaseTtl { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Tolerated relative drift between two clocks' rates.</summary>
    public double ClockDrift { get; set; } = 0.10;

    /// <summary>Bound on one write, the wait for its turn included. Past it a write that has not begun is not done at all.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most reads at a time, of each of the two files.</summary>
    public int MaxReaders { get; set; } = 4;

    internal TimeSpan Patience => LeaseTtl / 3;

    internal TimeSpan ObservedExpiry => LeaseTtl * (1 + ClockDrift);
}
