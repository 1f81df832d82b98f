using AkkaScale.Cluster;
using AkkaScale.Cluster.Membership;
using AkkaScale.Tests.Store.Contract;
using Npgsql;

namespace AkkaScale.Tests.Store.Postgres;

/// <summary>
/// The interleaving that would let an unreadable event in, forced: a registration has found that every member reads the type and cannot finish
/// (a foreign transaction holds the registry's key) while a member joins that does not read it, and the other way round.
/// </summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresVersionRaceTests(PostgresFixture fixture) : StoreTest(fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly ReadableVersions Old = ReadableVersions.Of([("thing", 1, ["happened"])]);
    private static readonly ReadableVersions New = ReadableVersions.Of([("thing", 1, ["happened", "happened@2"])]);

    [Fact]
    public async Task A_join_waits_for_a_registration_in_flight_and_is_refused_by_what_it_wrote()
    {
        var newer = await OpenAsync();
        await newer.Cluster.JoinAsync(Member(newer.Self) with { Reads = New }, CancellationToken.None);
        var older = await OpenAsync();
        await using var connection = await ((PostgresPlace)Place).ConnectAsync();
        await using var held = await connection.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand(
            "INSERT INTO event_type (entity_kind, event_type, since, written_by) VALUES ('thing', 'happened@2', now(), 'foreign')", connection);
        await insert.ExecuteNonQueryAsync();

        var register = Task.Run(() => newer.Cluster.RegisterEventTypeAsync("thing", "happened@2", "node-1", CancellationToken.None));
        await WaitUntilBlockedAsync(newer.Self);
        var join = Task.Run(() => older.Cluster.JoinAsync(Member(older.Self) with { Reads = Old }, CancellationToken.None));
        await WaitUntilBlockedAsync(older.Self);
        Assert.False(join.IsCompleted);

        await held.RollbackAsync();
        Assert.Equal((WriteOutcome.Applied, WriteOutcome.Refused), (await register, await join));
    }

    [Fact]
    public async Task A_registration_waits_for_a_join_in_flight_and_is_refused_by_who_came()
    {
        var newer = await OpenAsync();
        await newer.Cluster.JoinAsync(Member(newer.Self) with { Reads = New }, CancellationToken.None);
        var older = await OpenAsync();
        await using var connection = await ((PostgresPlace)Place).ConnectAsync();
        await using var held = await connection.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO member (incarnation, node_name, address, management_address, roles, version, status, renew_counter, joined_at, reason)
            VALUES ($1, '', '', '', '', '', 'dead', 0, now(), '')
            """, connection)
        {
            Parameters = { new() { Value = older.Self.Value } },
        };
        await insert.ExecuteNonQueryAsync();

        var join = Task.Run(() => older.Cluster.JoinAsync(Member(older.Self) with { Reads = Old }, CancellationToken.None));
        await WaitUntilBlockedAsync(older.Self);
        var register = Task.Run(() => newer.Cluster.RegisterEventTypeAsync("thing", "happened@2", "node-1", CancellationToken.None));
        await WaitUntilBlockedAsync(newer.Self);
        Assert.False(register.IsCompleted);

        await held.RollbackAsync();
        Assert.Equal((WriteOutcome.Applied, WriteOutcome.Refused), (await join, await register));
    }

    private async Task WaitUntilBlockedAsync(Incarnation incarnation)
    {
        await using var connection = await ((PostgresPlace)Place).ConnectAsync();
        await using var blocked = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'", connection)
        {
            Parameters = { new() { Value = incarnation.ToString() } },
        };
        var deadline = DateTime.UtcNow + Patience;
        while ((long)(await blocked.ExecuteScalarAsync())! == 0)
        {
            Assert.True(DateTime.UtcNow < deadline, $"No backend of {incarnation} came to wait for a lock.");
            await Task.Delay(5);
        }
    }
}
