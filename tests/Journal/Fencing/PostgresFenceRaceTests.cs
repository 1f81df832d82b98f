using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Options;
using AkkaScale.Journal.Postgres;
using AkkaScale.Tests.Journal.Plugins;
using AkkaScale.Tests.Support;
using Npgsql;

namespace AkkaScale.Tests.Journal.Fencing;

[Collection(JournalCollection.Name)]
public sealed class PostgresFenceRaceTests(PostgresServer server, ITestOutputHelper output)
{
    [Fact]
    public async Task No_event_of_an_old_epoch_comes_after_a_takeover()
    {
        var (race, connection) = await RunAsync(AppendSql.Held, false, RaceRounds.Count, stopsAtFirst: false);
        await using (connection)
        {
            Assert.Equal(0, race.LateRounds);
            await JournalChecks.AssertSoundAsync(connection);
            output.WriteLine($"{RaceRounds.Count} takeovers, {race.Events} events");
        }
    }

    private const string AdvisoryLock = "an advisory lock in the same statement";

    private static readonly Dictionary<string, string> Weaker = new()
    {
        ["no lock clause"] = AppendSql.Held.Replace("FOR SHARE", "", StringComparison.Ordinal),
        ["FOR KEY SHARE"] = AppendSql.Held.Replace("FOR SHARE", "FOR KEY SHARE", StringComparison.Ordinal),
        ["plain EXISTS"] =
            """
            SELECT slice.number FROM slice WHERE EXISTS (
                SELECT 1 FROM lease WHERE lease.name = slice.lease AND lease.epoch = slice.epoch AND cluster = $3 AND owner = $4)
            """,
        [AdvisoryLock] =
            $"""
            SELECT slice.number
            FROM (SELECT pg_advisory_xact_lock_shared({PostgresTaker.AdvisoryKey})::text AS taken) AS lock,
                lease JOIN slice ON lease.name = slice.lease AND lease.epoch = slice.epoch
            WHERE lock.taken IS NOT NULL AND lease.cluster = $3 AND lease.owner = $4
            """,
    };

    public static TheoryData<string> WeakerFences => [.. Weaker.Keys];

    [Theory]
    [MemberData(nameof(WeakerFences))]
    public async Task A_weaker_fence_lets_late_events_in(string fence)
    {
        Assert.NotEqual(AppendSql.Held, Weaker[fence]);
        var (race, connection) = await RunAsync(Weaker[fence], fence == AdvisoryLock, RaceRounds.OfAWeakerFence, stopsAtFirst: true);
        await using (connection)
        {
            Assert.True(race.LateRounds > 0, $"With {fence} no late event was seen in {RaceRounds.OfAWeakerFence} rounds: the race proves nothing.");
        }
    }

    private async Task<(FenceRace Race, NpgsqlConnection Connection)> RunAsync(string held, bool takerLocks, int rounds, bool stopsAtFirst)
    {
        var connectionString = await server.CreateDatabaseAsync() + ";Maximum Pool Size=20";
        await using var node = await FencedNode.StartAsync(StoreKind.Postgres, connectionString, more: options => options.HeldQuery = held);
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var race = new FenceRace(node, new PostgresTaker(connection, takerLocks));
        await race.RunAsync(rounds, stopsAtFirst);
        return (race, connection);
    }
}
