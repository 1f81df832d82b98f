using System.CommandLine;
using AkkaScale.Bench.Journal;

string[] parts = ["append", "recovery", "sqlite"];
var rounds = new Option<int>("--rounds") { Description = "How often each engine has its turn.", DefaultValueFactory = _ => 3 };
var seconds = new Option<double>("--seconds") { Description = "Length of each measurement.", DefaultValueFactory = _ => 4 };
var entities = new Option<int>("--entities") { Description = "Persistent actors in a process.", DefaultValueFactory = _ => 2_000 };
var inFlight = new Option<int[]>("--in-flight")
{
    Description = "Events under way at a time.",
    DefaultValueFactory = _ => [1, 64, 256, 1_024],
    AllowMultipleArgumentsPerToken = true,
};
var only = new Option<string[]>("--only")
{
    Description = "Parts to run. The yardstick, pgbench-64, is part of append and recovery.",
    DefaultValueFactory = _ => parts,
    AllowMultipleArgumentsPerToken = true,
};
only.AcceptOnlyFromAmong(parts);
var json = new Option<string?>("--json") { Description = "A file for every figure of every round." };

var root = new RootCommand(
    "Measures journals in turn: the stock plugin and ours, with pgbench (64 clients, prepared one-row inserts of 200 bytes) in the same "
    + "run. Only ratios within one run count. The PostgreSQL server is a private one, started and thrown away.")
{
    rounds, seconds, entities, inFlight, only, json,
};
root.SetAction(async (parsed, _) =>
{
    var options = Read(parsed);
    var report = new Report();
    if (options.Has("append") || options.Has("recovery"))
    {
        await new PostgresBench(options, report).RunAsync();
    }

    if (options.Has("sqlite"))
    {
        await new SqliteBench(options, report).RunAsync();
    }

    report.Print(Console.Out);
    if (parsed.GetValue(json) is { } path)
    {
        await report.WriteAsync(path);
    }
});

var name = new Argument<string>("engine");
var connection = new Argument<string>("connection");
var prefix = new Argument<string>("prefix");
var worker = new Command("worker", "One process of the SQLite part.") { name, connection, prefix, seconds, entities };
worker.Hidden = true;
worker.SetAction((parsed, _) => SqliteBench.WorkAsync(
    parsed.GetRequiredValue(name), parsed.GetRequiredValue(connection), parsed.GetRequiredValue(prefix), Read(parsed)));
root.Subcommands.Add(worker);
return await root.Parse(args).InvokeAsync();

BenchOptions Read(ParseResult parsed) => new(
    parsed.GetValue(rounds), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(entities), parsed.GetValue(inFlight) ?? [],
    parsed.GetValue(only) ?? []);
