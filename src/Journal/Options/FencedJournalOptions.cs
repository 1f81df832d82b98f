using AkkaScale.Cluster.Leases;
using AkkaScale.Cluster.Options;

namespace AkkaScale.Journal.Options;

/// <summary>How the fenced journal and its snapshot store are set up. Checked when the system is built.</summary>
public sealed class FencedJournalOptions
{
    public StoreKind Store { get; set; }

    /// <summary>
    /// Of Npgsql or of Microsoft.Data.Sqlite. The latter must name a file. Empty: the cluster's database where <c>WithDatabaseCluster</c>
    /// came before, and its kind of store with it.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Last part of the plugins' ids: <c>akka.persistence.journal.sql</c>, <c>akka.persistence.snapshot-store.sql</c>.</summary>
    public string Identifier { get; set; } = "sql";

    public bool IsDefaultPlugin { get; set; } = true;

    /// <summary>The column <c>cluster</c> of the lease rows.</summary>
    public string Cluster { get; set; } = "akkascale";

    /// <summary>
    /// What this process holds. Null: the members' leases where <c>WithDatabaseCluster</c> came before, else nothing is fenced.
    /// </summary>
    public ILeaseBook? Leases { get; set; }

    /// <summary>
    /// The lease that an entity's writes need, by its persistence id; null for one that needs none. Called for every write.
    /// </summary>
    public Func<string, string?>? LeaseOf { get; set; }

    /// <summary>The command that an event answers. By default what <see cref="IHasCommandId"/> says.</summary>
    public Func<object, string?> CommandIdOf { get; set; } = payload => (payload as IHasCommandId)?.CommandId;

    /// <summary>Whether missing tables and columns are made at start. Without, a schema that lacks them is refused.</summary>
    public bool Migrate { get; set; } = true;

    /// <summary>Name of the serializer for types that have none bound; null for Akka's own choice.</summary>
    public string? DefaultSerializer { get; set; }

    /// <summary>Rows of one statement. Above about 1,000 nothing is gained, and a takeover waits longer.</summary>
    public int MaxBatchRows { get; set; } = 1024;

    /// <summary>Bytes of one statement.</summary>
    public int MaxBatchBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Writes that wait for the database; one more fails, and its actor stops.</summary>
    public int MaxWaitingWrites { get; set; } = 50_000;

    /// <summary>Bytes that wait for the database.</summary>
    public long MaxWaitingBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>
    /// Events that a recovery reads in its one round trip; an entity with more costs a second one. So many of each entity may be in
    /// memory that recovers at a time.
    /// </summary>
    public int RecoveryPage { get; set; } = 500;

    /// <summary>Connections for recoveries and snapshots. Writes have one of their own.</summary>
    public int Readers { get; set; } = 8;

    /// <summary>
    /// After which a statement that is not answered counts as one of unknown outcome. Well below <see cref="CallTimeout"/>.
    /// </summary>
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// After which Akka gives a write or a recovery up. Above the longest settlement: Akka stops an actor whose write it gave up, though
    /// the write may still take effect.
    /// </summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Called before a new connection is used when its server stands on another timeline, or before a position, seen earlier: it may have
    /// lost acknowledged events. Earlier position first.
    /// </summary>
    public Action<PostgresPosition, PostgresPosition>? DatabaseLostItsTail { get; set; }

    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>In place of the fence's query, for tests that weaken it.</summary>
    internal string? HeldQuery { get; set; }

    /// <exception cref="JournalRefusedException">An option is missing or does not fit another.</exception>
    internal void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(ConnectionString), "needs a connection string");
        Require(!string.IsNullOrWhiteSpace(Identifier), "needs an identifier");
        Require(!string.IsNullOrWhiteSpace(Cluster), "needs the name of the cluster");
        Require(LeaseOf is null || Leases is not null, "has LeaseOf but no book of leases");
        Require(Leases is null || LeaseOf is not null, "has a book of leases but no LeaseOf to tell which write needs which");
        Require(MaxBatchRows > 0 && MaxBatchBytes > 0 && MaxWaitingWrites > 0 && MaxWaitingBytes > 0 && Readers > 0 && RecoveryPage > 0,
            "has a bound that is not positive");
        Require(StatementTimeout >= TimeSpan.FromSeconds(1), "needs a statement timeout of a second at least");
        Require(CallTimeout > StatementTimeout * 3, "needs a call timeout of more than three statement timeouts, so that it can settle");
    }

    private void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new JournalRefusedException($"The journal {Identifier} {what}.");
        }
    }
}
