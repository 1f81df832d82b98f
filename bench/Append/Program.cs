using System.Diagnostics;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Postgres;
using AkkaScale.LegacyJournal.Sqlite;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

// Appends of one connection, 8 shards a batch, 200 B events, each its own command with an answer of 40 B; beside them a yardstick
// measured in the same run: one-row prepared inserts of 200 B from one connection. Compare ratios within one run only.
const int shards = 8;
var seconds = args.Length > 0 ? double.Parse(args[0]) : 3;
var onlyPostgres = args.Contains("--postgres");

await using var server = await PrivatePostgres.StartAsync();
var yardstick = await YardstickAsync();
Console.WriteLine($"yardstick: one-row insert, 1 connection   {yardstick,10:N0} rows/s");
foreach (var batch in new[] { 1, 8, 64, 256, 1024 })
{
    await MeasureAsync($"postgres, batch {batch}", await PostgresAsync(), batch);
}

if (!onlyPostgres)
{
    foreach (var batch in new[] { 1, 64, 256, 1024 })
    {
        await MeasureAsync($"sqlite, batch {batch}", SqliteStore.Create(
            new SqliteStoreOptions { Directory = Directory.CreateTempSubdirectory("akkascale-bench-").FullName, Incarnation = new(Guid.NewGuid()) },
            TimeProvider.System, NullLoggerFactory.Instance), batch);
    }
}

async Task<PostgresStore> PostgresAsync() => PostgresStore.Create(
    new PostgresStoreOptions { ConnectionString = await server.CreateDatabaseAsync(), Incarnation = new(Guid.NewGuid()) },
    TimeProvider.System, NullLoggerFactory.Instance);

async Task<double> YardstickAsync()
{
    await using var connection = new NpgsqlConnection(await server.CreateDatabaseAsync());
    await connection.OpenAsync();
    await using (var table = new NpgsqlCommand("CREATE TABLE yard (id bigserial PRIMARY KEY, payload bytea)", connection))
    {
        await table.ExecuteNonQueryAsync();
    }

    await using var insert = new NpgsqlCommand("INSERT INTO yard (payload) VALUES ($1)", connection) { Parameters = { new() { Value = new byte[200] } } };
    await insert.PrepareAsync();
    var (watch, rows) = (Stopwatch.StartNew(), 0);
    for (; watch.Elapsed.TotalSeconds < seconds; rows++)
    {
        await insert.ExecuteNonQueryAsync();
    }

    return rows / watch.Elapsed.TotalSeconds;
}

async Task MeasureAsync<TStore>(string name, TStore store, int batch)
    where TStore : IClusterStore, IJournal, IAsyncDisposable
{
    await using var disposed = store;
    await store.OpenAsync("bench", shards, CancellationToken.None);
    var self = store is PostgresStore ? new Incarnation(Guid.NewGuid()) : new Incarnation(Guid.NewGuid());
    await store.JoinAsync(new MemberSnapshot(self, "bench", "", "", ["entity"], "", MemberStatus.Joining, 0, DateTimeOffset.UnixEpoch, ""), CancellationToken.None);
    await store.AcquireAsync(self, [.. Enumerable.Range(0, shards).Select(shard => new ShardClaim(shard, null, 0))], "first", CancellationToken.None);
    await using var writer = store.OpenWriter(self, 0);
    var entities = Enumerable.Range(0, 1000).Select(number => new EntityKey("thing", $"entity-{number:D6}")).ToArray();
    var sequences = new long[entities.Length];
    var positions = new long[shards];
    var (payload, answer, next) = (new byte[200], new byte[40], 0);
    var (rates, latencies) = (new List<double>(), new List<double>());
    for (var block = 0; block < 3; block++)
    {
        var (watch, events) = (Stopwatch.StartNew(), 0);
        while (watch.Elapsed.TotalSeconds < seconds / 3)
        {
            var slices = new List<JournalEvent>[shards];
            for (var i = 0; i < batch; i++)
            {
                var entity = next++ % entities.Length;
                var shard = entity % shards;
                (slices[shard] ??= []).Add(new JournalEvent(
                    shard, ++positions[shard], 1, entities[entity], ++sequences[entity], "happened", payload, Guid.CreateVersion7(), default, answer,
                    DateTimeOffset.UnixEpoch));
            }

            var sent = Stopwatch.GetTimestamp();
            var outcomes = await writer.AppendAsync(
                [.. slices.Select((list, shard) => (list, shard)).Where(slice => slice.list is not null).Select(slice => new ShardSlice(slice.shard, 1, slice.list, [], []))]);
            latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            if (outcomes.Any(outcome => outcome.Status != SliceStatus.Written))
            {
                throw new InvalidOperationException(outcomes.First(outcome => outcome.Status != SliceStatus.Written).ToString());
            }

            events += batch;
        }

        rates.Add(events / watch.Elapsed.TotalSeconds);
    }

    rates.Sort();
    latencies.Sort();
    Console.WriteLine(
        $"{name,-40}  {rates[1],10:N0} events/s  {rates[1] / yardstick,6:N1} x yardstick   p50 {latencies[latencies.Count / 2],6:N2} ms  p99 {latencies[latencies.Count * 99 / 100],6:N2} ms");
}
