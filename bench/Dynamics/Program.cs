using System.Text.Json;
using AkkaScale.Dynamics;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Dynamics;

// Five real node processes under a steady load while nodes come, go, hang and die: what clients notice, fault by fault.
const string help = """
    Usage: bench/dynamics.sh [--store postgres|sqlite] [--nodes N] [--rate N] [--tasks N] [--faults NAME,NAME] [--former FILE] [--json FILE]
           bench/dynamics.sh --cold [--store postgres|sqlite] [--nodes N] [--rate N]
           bench/dynamics.sh --outages N [--nodes N] [--rate N]

      --store   postgres (a private server, the default) or sqlite
      --nodes   processes at the start, 5
      --rate    requests a second, 300, sent when they are due whatever the answers do; every fifth is a read
      --tasks   on which they are spread, 400
      --faults  which of them, in the order below; without it all of them:
                {0}
      --former  AkkaScale.Node.dll of a former version: the nodes start with it, are upgraded one after the other, and rolled back
      --json    also writes the outcome to a file
      --cold    instead: the first minute of a cluster whose processes have just started
      --outages instead: so many times the database is away for 10 s; what each node has of memory, threads, files and
                connections after each

    Exit code 0 when no request failed and nothing was seen that must not be, else 1. Takes about three minutes.
    """;

var options = new Dictionary<string, string> { ["--store"] = TestStore.Postgres, ["--nodes"] = "5", ["--rate"] = "300", ["--tasks"] = "400" };
var isCold = args.Contains("--cold");
args = [.. args.Where(argument => argument != "--cold")];
var known = Fault.All.Select(fault => fault.Name).ToArray();
if (args.Contains("--help") || args.Length % 2 != 0)
{
    Console.WriteLine(help, string.Join(", ", known));
    return args.Contains("--help") ? 0 : 2;
}

for (var index = 0; index < args.Length; index += 2)
{
    options[args[index]] = args[index + 1];
}

var former = options.TryGetValue("--former", out var assembly) ? NodeProgram.Of(assembly) : null;
string[] chosen = options.TryGetValue("--faults", out var names) ? names.Split(',')
    : [.. Fault.All.Where(fault => fault.Needs == FaultNeeds.FormerVersion == former is not null).Select(fault => fault.Name)];
if (chosen.Except(known).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"There is no fault '{unknown}'; known are {string.Join(", ", known)}.");
    return 2;
}

var (name, nodes, rate) = (options["--store"], int.Parse(options["--nodes"]), double.Parse(options["--rate"]));
var isOutages = options.TryGetValue("--outages", out var outages);
if (isOutages && name != TestStore.Postgres)
{
    Console.Error.WriteLine("--outages is for --store postgres: the embedded store has no server that could be away.");
    return 2;
}

await using var place = await Place.MakeAsync(name);
if (isOutages)
{
    return await OutageCycles.RunAsync(place, nodes, rate, int.Parse(outages!)) == 0 ? 0 : 1;
}

if (isCold)
{
    return await ColdCluster.RunAsync(place.Store, nodes, rate) == 0 ? 0 : 1;
}

var possible = chosen.Select(wanted => Fault.All.Single(fault => fault.Name == wanted)).ToLookup(
    fault => fault.Needs == FaultNeeds.FormerVersion ? former is not null : place.Has(fault.Needs));
if (possible[false].Any())
{
    Console.Error.WriteLine($"Left out: {string.Join(", ", possible[false].Select(fault => fault.Name))}. {(former is null ? "Upgrades need --former. " : "")}{place.WhyNot}");
}

await using var cluster = await ClusterFixture.StartAsync(
    place.Store, place.Network, former, nodes,
    "--shards", "128", "--AkkaScale:Sharding:Allocation:QuietFor", "00:00:08", "--AkkaScale:Sharding:Allocation:MoveRest", "00:00:01",
    "--AkkaScale:Node:AllowPlaintext", "true");
var report = await DynamicsRun.ExecuteAsync(
    cluster, name, place.Server, rate, int.Parse(options["--tasks"]), [.. possible[true]], line => Console.Error.WriteLine(line),
    former);
Console.WriteLine(report);
if (options.TryGetValue("--json", out var file))
{
    await File.WriteAllTextAsync(file, JsonSerializer.Serialize(report, JsonSerializerOptions.Web));
}

return report.Failures.Count + report.Violations.Count == 0 ? 0 : 1;
