using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AkkaScale.StockKill;
using AkkaScale.Tests.Support;

if (args is ["node", var settings])
{
    return await Node.RunAsync(JsonSerializer.Deserialize<NodeSettings>(settings)!);
}

var nodes = new Option<int>("--nodes") { Description = "Processes of each cluster", DefaultValueFactory = _ => 5 };
var rate = new Option<double>("--rate") { Description = "Commands a second, sent when they are due; each persists an event", DefaultValueFactory = _ => 100 };
var command = new RootCommand(
    "The same small program on Akka.NET as it comes, on Akka.NET tuned as its documentation says, and with AkkaScale's plug-ins: a node is killed, then "
    + "the coordinator's node, under a steady load on PostgreSQL. Takes some five minutes.")
{
    nodes,
    rate,
};
command.SetAction(async (parsed, stop) =>
{
    await using var server = await PrivatePostgres.StartAsync("max_connections=400");
    Console.WriteLine("variant     killed          longest wait      p99   failed   x AkkaScale");
    var ours = new Dictionary<bool, TimeSpan>();
    foreach (var variant in new[] { Variant.AkkaScale, Variant.Tuned, Variant.Stock })
    {
        await using var run = new Run(variant, parsed.GetValue(nodes), parsed.GetValue(rate));
        await run.StartAsync(server);
        foreach (var coordinator in new[] { false, true })
        {
            stop.ThrowIfCancellationRequested();
            var kill = await run.KillAsync(coordinator);
            ours.TryAdd(coordinator, kill.Longest);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{variant,-11} {(coordinator ? "coordinator's" : "another node"),-14} {kill.Longest.TotalSeconds,10:0.00} s {kill.P99.TotalSeconds,8:0.00} s {kill.Failed,6} {kill.Longest / ours[coordinator],10:0.0}"));
        }
    }
});
return await command.Parse(args).InvokeAsync();
