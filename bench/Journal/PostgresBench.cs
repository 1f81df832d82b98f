using System.Diagnostics;
using Akka.Actor;
using AkkaScale.Tests.Support;
using Npgsql;

namespace AkkaScale.Bench.Journal;

/// <summary>Engines in turn on one private server, each with a database of its own.</summary>
public sealed class PostgresBench(BenchOptions options, Report report)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly (string Measure, string Prefix, int Entities, int Events, int Times)[] Recoveries =
    [
        ("recovery of 1 with 1,000 events", "thousand", 1, 1_000, 20),
        ("recovery of 1 with 100,000 events", "many", 1, 100_000, 1),
        ("recovery of 1,000 with 20 events", "wide", 1_000, 20, 1),
    ];

    public async Task RunAsync()
    {
        await using var server = await PrivatePostgres.StartAsync();
        using var yardstick = new Yardstick(await server.CreateDatabaseAsync());
        await yardstick.PrepareAsync();
        var engines = new List<(Engine Engine, ActorSystem System, string Connection)>();
        foreach (var engine in Engine.All.Where(each => each.Store == "postgres"))
        {
            var connection = await server.CreateDatabaseAsync() + ";Maximum Pool Size=30";
            engines.Add((engine, await engine.StartAsync(connection, "append"), connection));
        }

        try
        {
            await AppendAsync(engines, yardstick);
            if (options.Has("recovery"))
            {
                await RecoverAsync(engines);
            }
        }
        finally
        {
            await Task.WhenAll(engines.Select(each => each.System.Terminate()));
            NpgsqlConnection.ClearAllPools();
        }
    }

    private async Task AppendAsync(List<(Engine Engine, ActorSystem System, string Connection)> engines, Yardstick yardstick)
    {
        var entities = new Dictionary<string, IActorRef[]>();
        foreach (var (engine, system, _) in engines)
        {
            Console.Error.WriteLine($"{engine.Name}: starting {options.Entities} entities");
            entities[engine.Name] = await Load.StartEntitiesAsync(system, "append", options.Entities);
            await Load.RunAsync(entities[engine.Name], 64, options.WarmUp, options.WarmUp); // compiled before the first turn
        }

        for (var round = 1; round <= options.Rounds; round++)
        {
            report.Add(new Figure("one-row inserts, 64 clients", Report.Yardstick, round, await yardstick.RunAsync(options.Duration)));
            foreach (var inFlight in options.Has("append") ? options.InFlight : [])
            {
                // The order turns from round to round: who comes first has the emptier write-ahead log.
                foreach (var (engine, _, _) in round % 2 == 0 ? Enumerable.Reverse(engines) : engines)
                {
                    var result = await Load.RunAsync(entities[engine.Name], inFlight, options.WarmUp, options.Duration);
                    report.Add(new Figure($"{inFlight:N0} in flight", engine.Name, round, result.Rate, result));
                }
            }
        }
    }

    private async Task RecoverAsync(List<(Engine Engine, ActorSystem System, string Connection)> engines)
    {
        foreach (var (_, _, connection) in engines)
        {
            await FillAsync(connection);
        }

        for (var round = 0; round <= options.Rounds; round++)
        {
            foreach (var (measure, prefix, entities, events, times) in Recoveries)
            {
                foreach (var (engine, system, _) in engines)
                {
                    var elapsed = TimeSpan.Zero;
                    for (var time = 0; time < times; time++)
                    {
                        elapsed += await RecoverAsync(system, prefix, entities, events);
                    }

                    if (round > 0) // the one before is for the compiler and the caches
                    {
                        report.Add(new Figure(measure, engine.Name, round, times * entities * events / elapsed.TotalSeconds));
                    }
                }
            }
        }
    }

    /// <summary>The same rows for every plug-in, by one statement: written by the plug-in they would take minutes.</summary>
    private static async Task FillAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        foreach (var (_, prefix, entities, events, _) in Recoveries)
        {
            await using var command = new NpgsqlCommand(
                """
                INSERT INTO journal (deleted, persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid)
                SELECT false, @prefix || '-' || entity, number, 0, @message, @identifier, @manifest, 'bench'
                FROM generate_series(0, @entities - 1) AS entity, generate_series(1, @events) AS number
                """,
                connection)
            {
                Parameters =
                {
                    new("prefix", prefix), new("entities", entities), new("events", events), new("message", Load.Payload()),
                    new("identifier", BenchEventSerializer.Id), new("manifest", BenchEventSerializer.EventManifest),
                },
            };
            await command.ExecuteNonQueryAsync();
        }

        await using var analyze = new NpgsqlCommand("VACUUM ANALYZE journal", connection);
        await analyze.ExecuteNonQueryAsync();
    }

    private static async Task<TimeSpan> RecoverAsync(ActorSystem system, string prefix, int entities, int events)
    {
        var begin = Stopwatch.GetTimestamp();
        var actors = Enumerable.Range(0, entities).Select(number => system.ActorOf(BenchEntity.Props($"{prefix}-{number}"))).ToArray();
        var counts = await Task.WhenAll(actors.Select(actor => actor.Ask<long>(BenchEntity.Count.Instance, Patience)));
        var elapsed = Stopwatch.GetElapsedTime(begin);
        if (counts.Any(count => count != events))
        {
            var wrong = counts.First(count => count != events);
            throw new InvalidOperationException($"{prefix}: an entity recovered {wrong} of {events} events.");
        }

        await Task.WhenAll(actors.Select(actor => actor.GracefulStop(Patience)));
        return elapsed;
    }
}
