using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>Acquiring, giving away and releasing shards. Write transactions follow one another, so no row needs a lock of its own.</summary>
internal sealed class SqliteOwnership(SqliteDatabase journal, SqliteMembership membership, TimeProvider time)
{
    private const string AcquireSql =
        """
        UPDATE shard_owner SET owner = $1, epoch = epoch + 1, acquired_by = $2
        WHERE shard = $3 AND owner IS $4 AND epoch = $5
        """;

    private const string HistorySql =
        "INSERT INTO shard_ownership (shard, epoch, owner, acquired_by, at) VALUES ($1, $2, $3, $4, $5)";

    private const string ReleaseSql = "UPDATE shard_owner SET owner = NULL WHERE shard = $1 AND owner = $2 AND epoch = $3";

    public async Task<IReadOnlyList<ShardEpoch>> AcquireAsync(Incarnation self, IReadOnlyList<ShardClaim> claims, string acquiredBy)
    {
        if (claims.Count > IClusterStore.MaxShardsPerTransaction)
        {
            throw new ArgumentException($"{claims.Count} claims; at most {IClusterStore.MaxShardsPerTransaction} fit one transaction.");
        }

        // The statuses are in the other file. Dead and removed are final, so they may be read beforehand; that the claimant itself is
        // alive is a courtesy that its lease makes good.
        var allowed = await Task.Run(() => Allowed(self, claims));
        return allowed.Count == 0
            ? []
            : await journal.WriteAsync("Shards cannot be acquired", session => Acquire(session, self, allowed, acquiredBy));
    }

    public async Task<IReadOnlyList<ShardEpoch>> HandOverAsync(Incarnation self, IReadOnlyList<HandOver> shards)
    {
        if (shards.Count > IClusterStore.MaxShardsPerTransaction)
        {
            throw new ArgumentException($"{shards.Count} shards; at most {IClusterStore.MaxShardsPerTransaction} fit one transaction.");
        }

        // A courtesy: a target that goes down in between is an owner that is gone, and its shards are taken over.
        var allowed = await Task.Run(() => shards.Where(shard => membership.StatusOf(shard.Target) is MemberStatus.Up).ToList());
        return allowed.Count == 0
            ? []
            : await journal.WriteAsync("Shards cannot be given away", session => HandOver(session, self, allowed));
    }

    public async Task<IReadOnlyList<ShardEpoch>> ReleaseAsync(Incarnation self, IReadOnlyList<ShardEpoch> shards) =>
        await journal.WriteAsync("Shards cannot be released", session => shards
            .Where(shard => session.Statement(ReleaseSql, 3).Execute(shard.Shard, SqliteValues.Blob(self), shard.Epoch) == 1)
            .ToList());

    private List<ShardEpoch> HandOver(SqliteSession session, Incarnation self, List<HandOver> shards)
    {
        var given = new List<ShardEpoch>(shards.Count);
        var now = SqliteValues.Microseconds(time.GetUtcNow());
        foreach (var shard in shards)
        {
            if (session.Statement(AcquireSql, 5).Execute(
                    SqliteValues.Blob(shard.Target), shard.AcquiredBy, shard.Shard, SqliteValues.Blob(self), shard.Epoch) == 1)
            {
                session.Statement(HistorySql, 5).Execute(shard.Shard, shard.Epoch + 1, SqliteValues.Blob(shard.Target), shard.AcquiredBy, now);
                given.Add(new ShardEpoch(shard.Shard, shard.Epoch + 1));
            }
        }

        return given;
    }

    private List<ShardClaim> Allowed(Incarnation self, IReadOnlyList<ShardClaim> claims)
    {
        var own = membership.StatusOf(self);
        var gone = new Dictionary<Incarnation, bool>();
        return [.. claims.Where(claim => claim.ExpectedOwner is { } owner && owner == self
            ? own is MemberStatus.Joining or MemberStatus.Up or MemberStatus.Leaving
            : own is MemberStatus.Joining or MemberStatus.Up && (claim.ExpectedOwner is not { } other || IsGone(other)))];

        bool IsGone(Incarnation other)
        {
            if (!gone.TryGetValue(other, out var known))
            {
                known = membership.StatusOf(other) is null or MemberStatus.Dead or MemberStatus.Removed;
                gone.Add(other, known);
            }

            return known;
        }
    }

    private List<ShardEpoch> Acquire(SqliteSession session, Incarnation self, List<ShardClaim> claims, string acquiredBy)
    {
        var granted = new List<ShardEpoch>(claims.Count);
        var now = SqliteValues.Microseconds(time.GetUtcNow());
        foreach (var claim in claims)
        {
            if (session.Statement(AcquireSql, 5).Execute(
                    SqliteValues.Blob(self), acquiredBy, claim.Shard, SqliteValues.Blob(claim.ExpectedOwner), claim.ExpectedEpoch) == 1)
            {
                session.Statement(HistorySql, 5).Execute(claim.Shard, claim.ExpectedEpoch + 1, SqliteValues.Blob(self), acquiredBy, now);
                granted.Add(new ShardEpoch(claim.Shard, claim.ExpectedEpoch + 1));
            }
        }

        return granted;
    }
}
