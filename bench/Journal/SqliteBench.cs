using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Akka.Actor;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Bench.Journal;

/// <summary>One and two processes of this program on one SQLite file, 64 in flight each.</summary>
public sealed class SqliteBench(BenchOptions options, Report report)
{
    private const int InFlight = 64;

    public async Task RunAsync()
    {
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var processes in new[] { 1, 2 })
            {
                foreach (var engine in Engine.All.Where(each => each.Store == "sqlite"))
                {
                    await RunAsync(engine, processes, round);
                }
            }
        }
    }

    /// <summary>What each process does: it starts, says so, begins when told, and prints its result.</summary>
    public static async Task WorkAsync(string engineName, string connection, string prefix, BenchOptions options)
    {
        var engine = Engine.All.Single(each => each.Store == "sqlite" && each.Name == engineName);
        var system = await engine.StartAsync(connection, prefix);
        var entities = await Load.StartEntitiesAsync(system, prefix, options.Entities);
        Console.WriteLine("ready");
        Console.ReadLine();
        var result = await Load.RunAsync(entities, InFlight, options.WarmUp, options.Duration);
        Console.WriteLine(JsonSerializer.Serialize(result));
        await system.Terminate();
    }

    private async Task RunAsync(Engine engine, int processes, int round)
    {
        var directory = Directory.CreateTempSubdirectory("akkascale-bench-");
        var connection = $"Data Source={Path.Combine(directory.FullName, "journal.db")}";
        var workers = new List<Process>();
        try
        {
            await UseWalAsync(connection);
            for (var number = 0; number < processes; number++)
            {
                // One after the other: the first one makes the tables.
                workers.Add(Start(engine.Name, connection, $"worker{number}"));
                await ExpectAsync(workers[number], line => line == "ready");
            }

            foreach (var worker in workers)
            {
                await worker.StandardInput.WriteLineAsync("go");
                await worker.StandardInput.FlushAsync();
            }

            var lines = await Task.WhenAll(workers.Select(worker => ExpectAsync(worker, line => line.StartsWith('{'))));
            var results = lines.Select(line => JsonSerializer.Deserialize<LoadResult>(line)!).ToList();
            await Task.WhenAll(workers.Select(worker => worker.WaitForExitAsync()));
            var total = new LoadResult(
                results.Sum(each => each.Rate), results.Max(each => each.P50), results.Max(each => each.P99),
                results.Max(each => each.Longest), results.Sum(each => each.Rate * each.Cpu) / Math.Max(1, results.Sum(each => each.Rate)));
            report.Add(new Figure($"SQLite, {processes} process{(processes > 1 ? "es" : "")}", engine.Name, round, total.Rate, total));
        }
        finally
        {
            foreach (var worker in workers)
            {
                worker.Kill();
                worker.Dispose();
            }

            directory.Delete(recursive: true);
        }
    }

    private static async Task UseWalAsync(string connectionString)
    {
        await using var connection = new SqliteConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL";
        await command.ExecuteNonQueryAsync();
    }

    private Process Start(string engine, string connection, string prefix) => Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        ArgumentList =
        {
            typeof(SqliteBench).Assembly.Location, "worker", engine, connection, prefix,
            "--seconds", options.Duration.TotalSeconds.ToString(CultureInfo.InvariantCulture), "--entities", $"{options.Entities}",
        },
    })!;

    private static async Task<string> ExpectAsync(Process worker, Func<string, bool> isWanted)
    {
        while (await worker.StandardOutput.ReadLineAsync() is { } line)
        {
            if (isWanted(line))
            {
                return line;
            }

            Console.Error.WriteLine(line);
        }

        throw new InvalidOperationException("A worker ended before its time.");
    }
}
