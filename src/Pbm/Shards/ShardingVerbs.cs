using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using Spectre.Console;

namespace AkkaScale.Pbm.Shards;

/// <summary>`pbm cluster-sharding …`, by the names that operators of Akka.NET know. A region is an entity kind.</summary>
internal static class ShardingVerbs
{
    private static readonly Option<string> Region = new("--region", "-r") { Description = "The entity kind.", HelpName = "kind", Required = true };

    public static Command Create(GlobalOptions global)
    {
        var regions = new Command("regions", "The regions, and how many entities of each are in memory.");
        HelpWithExamples.Register(regions, "pbm cluster-sharding regions");
        regions.SetAction((parsed, cancellation) => RegionsAsync(new Session(parsed, global), cancellation));

        Region.CompletionSources.Clear();
        Region.CompletionSources.Add(context => LiveNames.Kinds(context, global));
        var stats = new Command("region-stats", "Entities in memory of one kind, by shard.") { Region };
        HelpWithExamples.Register(stats, "pbm cluster-sharding region-stats -r task");
        stats.SetAction((parsed, cancellation) => StatsAsync(new Session(parsed, global), cancellation));
        return new Command("cluster-sharding", "Sharding, by the names of Akka.NET's tool.")
        {
            regions.Watchable(), stats.Watchable(), ShardVerbs.CreateMap(global, "shards").Watchable(),
        };
    }

    private static async Task<int> RegionsAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var map = await client.GetAsync("/cluster/shards", ManagementJson.Default.ShardMap, cancellation).ConfigureAwait(false);
        var regions = new List<RegionShape>();
        foreach (var kind in map.EntityTypeKeys)
        {
            var shards = (await ReadAsync(client, kind, cancellation).ConfigureAwait(false)).Regions;
            regions.Add(new RegionShape(kind, shards.Count, shards.Any(shard => shard.NumEntities is null) ? null : shards.Sum(shard => shard.NumEntities!.Value)));
        }

        if (session.Screen.Json)
        {
            session.Screen.WriteJson(new RegionList(regions), ShellJson.Default.RegionList);
            return ExitCode.Ok;
        }

        var table = session.Screen.NewTable("region", "shards", "entities");
        foreach (var region in regions)
        {
            table.AddRow(session.Screen.Cell(region.Name), session.Screen.Cell(Number(region.Shards)), session.Screen.Cell(Number(region.Entities)));
        }

        session.Screen.Write(table);
        return ExitCode.Ok;
    }

    private static async Task<int> StatsAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var stats = await ReadAsync(client, session.Parsed.GetRequiredValue(Region), cancellation).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(stats, ShellJson.Default.RegionStats);
            return ExitCode.Ok;
        }

        var table = session.Screen.NewTable("shard", "entities");
        foreach (var shard in stats.Regions)
        {
            table.AddRow(session.Screen.Cell(shard.ShardId), session.Screen.Cell(Number(shard.NumEntities)));
        }

        session.Screen.Write(table);
        return ExitCode.Ok;
    }

    private static Task<RegionStats> ReadAsync(ManagementClient client, string kind, CancellationToken cancellation) =>
        client.GetAsync($"/cluster/shards/{Uri.EscapeDataString(kind)}", ShellJson.Default.RegionStats, cancellation);

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "?";
}
