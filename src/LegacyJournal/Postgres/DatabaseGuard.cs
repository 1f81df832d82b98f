using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Ownership;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>
/// Notices that the database is not the one it was: failed over, or restored, perhaps without the tail of its log. Asked on every
/// new connection and at every renewal.
/// </summary>
/// <remarks>
/// The recorded identity travels with the data, the observed one belongs to the server. When they differ, whoever sees it first
/// raises the generation. A server that is behind what this process has already seen is a former primary: it is not used at all,
/// since its records look right to it. One on a later timeline is the successor, even if it lost the raise of a failover before its own.
/// </remarks>
internal sealed partial class DatabaseGuard(ILogger logger)
{
    /// <summary>Observed and recorded identity and the generation, in this order.</summary>
    public const string Columns = DatabaseIdentity.Sql + ", (SELECT database_identity FROM cluster), (SELECT generation FROM cluster)";

    private readonly Lock _lock = new();
    private DatabaseIdentity? _remembered;
    private long _generation = -1;

    /// <summary>What one look at the server showed.</summary>
    public enum Verdict
    {
        Same,

        /// <summary>The recorded identity is another: the generation must be raised before anything else.</summary>
        MustRaise,

        /// <summary>Somebody raised the generation since this process opened the store: its memory is of an earlier one.</summary>
        Raised,
    }

    public void Remember(string observed, long generation)
    {
        lock (_lock)
        {
            _remembered = DatabaseIdentity.Parse(observed);
            _generation = generation;
        }
    }

    /// <exception cref="StoreUnavailableException">Another database, or a former primary.</exception>
    public Verdict Look(string observedText, string recordedText, long generation)
    {
        var observed = DatabaseIdentity.Parse(observedText);
        lock (_lock)
        {
            if (_remembered is { } remembered)
            {
                if (remembered.SystemIdentifier != observed.SystemIdentifier)
                {
                    throw new StoreUnavailableException($"This is another database: {observed}, expected {remembered}.");
                }

                if (observed.Timeline < remembered.Timeline || (observed.Timeline == remembered.Timeline && generation < _generation))
                {
                    throw new StoreUnavailableException(
                        $"This server is a former primary: timeline {observed.Timeline} generation {generation}, "
                        + $"already seen timeline {remembered.Timeline} generation {_generation}.");
                }
            }

            if (observedText != recordedText)
            {
                return Verdict.MustRaise;
            }

            if (_remembered is { } known && (generation > _generation || observed.Timeline > known.Timeline))
            {
                return Verdict.Raised;
            }

            return Verdict.Same;
        }
    }

    /// <summary>
    /// One transaction: the next generation by compare-and-set, every shard without owner and at epoch generation·2³², which is above
    /// every epoch that the lost tail can have held, as far as this process knows.
    /// </summary>
    public async Task RaiseAsync(NpgsqlConnection connection, string observed, string recorded, long generation, CancellationToken cancellationToken)
    {
        var next = Next(generation);
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (transaction)
        {
            if (await RaiseCommand(connection, observed, recorded, generation, next).ExecuteNonQueryAsync(cancellationToken) == 1)
            {
                await LockOwnersCommand(connection).ExecuteNonQueryAsync(cancellationToken);
                await ResetOwnersCommand(connection, next).ExecuteNonQueryAsync(cancellationToken);
                LogGenerationRaised(logger, recorded, observed, next);
            }

            await transaction.CommitAsync(cancellationToken);
        }
    }

    /// <inheritdoc cref="RaiseAsync"/>
    public void Raise(NpgsqlConnection connection, string observed, string recorded, long generation)
    {
        var next = Next(generation);
        using var transaction = connection.BeginTransaction();
        if (RaiseCommand(connection, observed, recorded, generation, next).ExecuteNonQuery() == 1)
        {
            LockOwnersCommand(connection).ExecuteNonQuery();
            ResetOwnersCommand(connection, next).ExecuteNonQuery();
            LogGenerationRaised(logger, recorded, observed, next);
        }

        transaction.Commit();
    }

    /// <summary>Above what the database records, and above what this process has seen: that may have been lost.</summary>
    public long Next(long recorded)
    {
        lock (_lock)
        {
            return Math.Max(recorded, _generation) + 1;
        }
    }

    private static NpgsqlCommand RaiseCommand(NpgsqlConnection connection, string observed, string recorded, long generation, long next) =>
        new("UPDATE cluster SET generation = $4, database_identity = $1 WHERE database_identity = $2 AND generation = $3", connection)
        {
            Parameters = { new() { Value = observed }, new() { Value = recorded }, new() { Value = generation }, new() { Value = next } },
        };

    private static NpgsqlCommand LockOwnersCommand(NpgsqlConnection connection) =>
        new("SELECT count(*) FROM (SELECT 1 FROM shard_owner ORDER BY shard FOR UPDATE) locked", connection);

    private static NpgsqlCommand ResetOwnersCommand(NpgsqlConnection connection, long generation) =>
        new($"UPDATE shard_owner SET owner = NULL, epoch = $1, acquired_by = '{ShardOwner.ByGeneration}'", connection)
        {
            Parameters = { new() { Value = checked(generation << 32) } },
        };

    [LoggerMessage(EventId = 2101, Level = LogLevel.Warning,
        Message = "The database is another one than recorded ({Recorded}, now {Observed}): generation raised to {Generation}, all shards are without owner. Events after the last replicated one are lost.")]
    private static partial void LogGenerationRaised(ILogger logger, string recorded, string observed, long generation);
}
