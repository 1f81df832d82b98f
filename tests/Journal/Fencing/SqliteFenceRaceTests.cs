using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Options;
using AkkaScale.Tests.Journal.Plugins;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Tests.Journal.Fencing;

/// <summary>The race on one SQLite file, the taker being another process.</summary>
[Collection(JournalCollection.Name)]
public sealed class SqliteFenceRaceTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("akkascale-sqlite-").FullName;

    [Fact]
    public async Task No_event_of_an_old_epoch_comes_after_a_takeover_by_another_process()
    {
        var race = await RunAsync(null, RaceRounds.Count, stopsAtFirst: false);

        Assert.Equal(0, race.LateRounds);
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_directory, "journal.db")}");
        await connection.OpenAsync();
        await JournalChecks.AssertSoundAsync(connection);
        output.WriteLine($"{RaceRounds.Count} takeovers, {race.Events} events");
    }

    [Theory]
    [InlineData("SELECT 1 FROM lease WHERE cluster = $1 AND name = $2 AND $3 <> '' AND $4 > 0")]
    [InlineData("SELECT 1 FROM lease WHERE cluster = $1 AND name = $2 AND $3 <> '' AND epoch >= $4")]
    public async Task A_weaker_fence_lets_late_events_in(string held)
    {
        var race = await RunAsync(held, RaceRounds.OfAWeakerFence, stopsAtFirst: true);

        Assert.True(race.LateRounds > 0, $"No late event was seen in {RaceRounds.OfAWeakerFence} rounds: the race proves nothing.");
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task<FenceRace> RunAsync(string? held, int rounds, bool stopsAtFirst)
    {
        var path = Path.Combine(_directory, "journal.db");
        await using var node = await FencedNode.StartAsync(
            StoreKind.Sqlite, $"Data Source={path}", more: options => options.HeldQuery = held);
        using var taker = new SqliteTakerProcess(path);
        var race = new FenceRace(node, taker);
        await race.RunAsync(rounds, stopsAtFirst);
        return race;
    }
}
