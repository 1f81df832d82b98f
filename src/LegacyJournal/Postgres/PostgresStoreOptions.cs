using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>How one incarnation uses PostgreSQL.</summary>
public sealed class PostgresStoreOptions
{
    /// <summary>Of the database; needs a direct connection to the server, not one through a pooling proxy.</summary>
    public required string ConnectionString { get; set; }

    /// <summary>Of this process: the name of all its backends, by which a successor can end them.</summary>
    public required Incarnation Incarnation { get; set; }

    /// <summary>Lifetime of a lease; server-side bounds are a third of it.</summary>
    public TimeSpan LeaseTtl { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Bound on one statement of the takeover transaction: a third of the lease unless set.</summary>
    public TimeSpan? TakeoverTimeout { get; set; }

    /// <summary>Bound on one append. Past it the outcome is unknown and the connection is given up.</summary>
    public TimeSpan AppendTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bound on one read, and on establishing a connection.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most connections for reads and ownership; each lane and the lease have one more.</summary>
    public int MaxPoolSize { get; set; } = 8;

    internal TimeSpan ThirdOfLease => LeaseTtl / 3;

    internal TimeSpan EffectiveTakeoverTimeout => TakeoverTimeout ?? ThirdOfLease;
}
