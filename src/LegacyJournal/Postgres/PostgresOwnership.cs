using System.Globalization;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>Acquiring, giving away and releasing shards. Owner rows are always locked in order of shard, in a statement before the one that
/// changes them.</summary>
internal sealed partial class PostgresOwnership(
    PostgresConnections connections, PostgresStoreOptions options, TimeProvider time, ILogger logger)
{
    private const string LockSql = "SELECT shard FROM shard_owner WHERE shard = ANY ($1) ORDER BY shard FOR UPDATE";

    // Runs after the locks are held, so its snapshot shows what the locks protect. A member without a row is as gone as a dead one.
    private const string AcquireSql =
        """
        WITH self AS (
            SELECT status FROM member WHERE incarnation = $1),
        granted AS (
            UPDATE shard_owner o SET owner = $1, epoch = o.epoch + 1, acquired_by = $2
            FROM unnest($3::int[], $4::uuid[], $5::bigint[]) AS c(shard, expected_owner, expected_epoch)
            WHERE o.shard = c.shard AND o.epoch = c.expected_epoch AND o.owner IS NOT DISTINCT FROM c.expected_owner
              AND CASE
                  WHEN o.owner = $1 THEN (SELECT status FROM self) IN ('joining', 'up', 'leaving')
                  WHEN (SELECT status FROM self) IN ('joining', 'up') THEN
                      o.owner IS NULL OR NOT EXISTS (
                          SELECT FROM member m WHERE m.incarnation = o.owner AND m.status NOT IN ('dead', 'removed'))
                  ELSE false END
            RETURNING o.shard, o.epoch)
        INSERT INTO shard_ownership (shard, epoch, owner, acquired_by, at)
        SELECT shard, epoch, $1, $2, $6 FROM granted
        RETURNING shard, epoch
        """;

    private const string ReleaseSql =
        """
        UPDATE shard_owner o SET owner = NULL
        FROM unnest($2::int[], $3::bigint[]) AS r(shard, epoch)
        WHERE o.shard = r.shard AND o.epoch = r.epoch AND o.owner = $1
        RETURNING o.shard, o.epoch
        """;

    private const string HandOverSql =
        """
        WITH given AS (
            UPDATE shard_owner o SET owner = h.target, epoch = o.epoch + 1, acquired_by = h.acquired_by
            FROM unnest($2::int[], $3::bigint[], $4::uuid[], $5::text[]) AS h(shard, epoch, target, acquired_by)
            WHERE o.shard = h.shard AND o.epoch = h.epoch AND o.owner = $1
              AND EXISTS (SELECT FROM member m WHERE m.incarnation = h.target AND m.status = 'up')
            RETURNING o.shard, o.epoch, o.owner, o.acquired_by)
        INSERT INTO shard_ownership (shard, epoch, owner, acquired_by, at)
        SELECT shard, epoch, owner, acquired_by, $6 FROM given
        RETURNING shard, epoch
        """;

    private const string TerminateSql =
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = ANY ($1) AND pid <> pg_backend_pid()";

    public async Task<IReadOnlyList<ShardEpoch>> AcquireAsync(
        Incarnation self, IReadOnlyList<ShardClaim> claims, string acquiredBy, CancellationToken cancellationToken)
    {
        if (claims.Count is 0 or > IClusterStore.MaxShardsPerTransaction)
        {
            return claims.Count == 0
                ? []
                : throw new ArgumentException($"{claims.Count} claims; at most {IClusterStore.MaxShardsPerTransaction} fit one transaction.");
        }

        var command = () => new NpgsqlCommand(AcquireSql)
        {
            Parameters =
            {
                new() { Value = self.Value },
                new() { Value = acquiredBy },
                new() { Value = claims.Select(claim => claim.Shard).ToArray() },
                new() { Value = claims.Select(claim => claim.ExpectedOwner?.Value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
                new() { Value = claims.Select(claim => claim.ExpectedEpoch).ToArray() },
                new() { Value = time.GetUtcNow().UtcDateTime },
            },
        };
        var shards = claims.Select(claim => claim.Shard).ToArray();
        try
        {
            return await ChangeAsync(shards, command(), cancellationToken);
        }
        catch (PostgresException timeout) when (timeout.SqlState == PostgresErrors.QueryCancelled)
        {
            await EndBackendsOfTheGoneAsync(self, claims, cancellationToken);
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error))
        {
            throw PostgresErrors.Unavailable("Shards cannot be acquired", error);
        }

        return await DefiniteAsync("Shards cannot be acquired", () => ChangeAsync(shards, command(), cancellationToken));
    }

    public Task<IReadOnlyList<ShardEpoch>> ReleaseAsync(
        Incarnation self, IReadOnlyList<ShardEpoch> shards, CancellationToken cancellationToken) =>
        shards.Count == 0
            ? Task.FromResult<IReadOnlyList<ShardEpoch>>([])
            : DefiniteAsync("Shards cannot be released", () => ChangeAsync(
                [.. shards.Select(shard => shard.Shard)],
                new NpgsqlCommand(ReleaseSql)
                {
                    Parameters =
                    {
                        new() { Value = self.Value },
                        new() { Value = shards.Select(shard => shard.Shard).ToArray() },
                        new() { Value = shards.Select(shard => shard.Epoch).ToArray() },
                    },
                },
                cancellationToken));

    public Task<IReadOnlyList<ShardEpoch>> HandOverAsync(
        Incarnation self, IReadOnlyList<HandOver> shards, CancellationToken cancellationToken)
    {
        if (shards.Count is 0 or > IClusterStore.MaxShardsPerTransaction)
        {
            return shards.Count == 0
                ? Task.FromResult<IReadOnlyList<ShardEpoch>>([])
                : throw new ArgumentException($"{shards.Count} shards; at most {IClusterStore.MaxShardsPerTransaction} fit one transaction.");
        }

        return DefiniteAsync("Shards cannot be given away", () => ChangeAsync(
            [.. shards.Select(shard => shard.Shard)],
            new NpgsqlCommand(HandOverSql)
            {
                Parameters =
                {
                    new() { Value = self.Value },
                    new() { Value = shards.Select(shard => shard.Shard).ToArray() },
                    new() { Value = shards.Select(shard => shard.Epoch).ToArray() },
                    new() { Value = shards.Select(shard => shard.Target.Value).ToArray() },
                    new() { Value = shards.Select(shard => shard.AcquiredBy).ToArray() },
                    new() { Value = time.GetUtcNow().UtcDateTime },
                },
            },
            cancellationToken));
    }

    private async Task<IReadOnlyList<ShardEpoch>> ChangeAsync(int[] shards, NpgsqlCommand change, CancellationToken cancellationToken)
    {
        var changed = new List<ShardEpoch>(shards.Length);
        var notReplicated = false;
        NoticeEventHandler watch = (_, notice) => notReplicated |= notice.Notice.SqlState == PostgresErrorCodes.Warning;
        await using var connection = await connections.OpenPooledAsync(cancellationToken);
        connection.Notice += watch;
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (var locks = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    // lock_timeout counts each row's wait alone and let a takeover wait for seconds.
                    new(string.Create(CultureInfo.InvariantCulture,
                        $"SET LOCAL statement_timeout = {(long)options.EffectiveTakeoverTimeout.TotalMilliseconds}")),
                    new(LockSql) { Parameters = { new() { Value = shards } } },
                },
            })
            {
                await locks.ExecuteNonQueryAsync(CancellationToken.None);
            }

            await using (change)
            {
                change.Connection = connection;
                await using var reader = await change.ExecuteReaderAsync(CancellationToken.None);
                while (await reader.ReadAsync(CancellationToken.None))
                {
                    changed.Add(new ShardEpoch(reader.GetInt32(0), reader.GetInt64(1)));
                }
            }

            await transaction.CommitAsync(CancellationToken.None);
        }
        finally
        {
            connection.Notice -= watch;
        }

        return notReplicated
            ? throw new StoreUnavailableException("The change of ownership was committed here, but no replica has confirmed it.")
            : changed;
    }

    /// <summary>A zombie's backend that still holds a lock is ended by name. Own backends are left alone: they end by themselves.</summary>
    private async Task EndBackendsOfTheGoneAsync(Incarnation self, IReadOnlyList<ShardClaim> claims, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await connections.OpenPooledAsync(cancellationToken);
            await using var gone = new NpgsqlCommand(
                "SELECT coalesce(array_agg(replace(incarnation::text, '-', '')), '{}') FROM member WHERE incarnation = ANY ($1) AND status IN ('dead', 'removed')",
                connection)
            {
                Parameters =
                {
                    new() { Value = claims.Select(claim => claim.ExpectedOwner?.Value ?? self.Value).Where(owner => owner != self.Value).ToArray() },
                },
            };
            var names = (string[])(await gone.ExecuteScalarAsync(CancellationToken.None))!;
            await using var terminate = new NpgsqlCommand(TerminateSql, connection) { Parameters = { new() { Value = names } } };
            var ended = (long)(await terminate.ExecuteScalarAsync(CancellationToken.None))!;
            LogBackendsEnded(logger, ended, string.Join(", ", names));
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error))
        {
            throw PostgresErrors.Unavailable("Backends of the previous owner cannot be ended", error);
        }
    }

    private static async Task<IReadOnlyList<ShardEpoch>> DefiniteAsync(string what, Func<Task<IReadOnlyList<ShardEpoch>>> change)
    {
        try
        {
            return await change();
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error))
        {
            throw PostgresErrors.Unavailable(what, error);
        }
    }

    [LoggerMessage(EventId = 2201, Level = LogLevel.Warning,
        Message = "A takeover waited too long for locks of the previous owner: ended {Backends} backends of {Incarnations}")]
    private static partial void LogBackendsEnded(ILogger logger, long backends, string incarnations);
}
