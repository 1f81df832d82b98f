using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Shards;

/// <summary>`pbm shards …`</summary>
internal static class ShardVerbs
{
    private static readonly Option<bool> All = new("--all") { Description = "A row for each shard instead of one for each owner." };

    public static Command Create(GlobalOptions global) => new("shards", "Shards and their owners.")
    {
        CreateMap(global, "map").Watchable(), WhyVerb.Create(global).Watchable(), WatchVerb.Create(global), MoveVerb.Create(global),
        PinVerbs.CreatePin(global), PinVerbs.CreateUnpin(global), PlanVerb.Create(global).Watchable(), ApplyVerb.Create(global), RebalanceVerb.Create(global),
    };

    /// <param name="name">"map", or what Akka.NET's tool calls it.</param>
    public static Command CreateMap(GlobalOptions global, string name)
    {
        var map = new Command(name, "Which node owns which shards, and which are to move.") { All };
        HelpWithExamples.Register(map, "pbm shards map --all");
        map.SetAction((parsed, cancellation) => MapAsync(new Session(parsed, global), cancellation));
        return map;
    }

    private static async Task<int> MapAsync(Session session, CancellationToken cancellation)
    {
        var map = await session.GetAsync("/cluster/shards", ManagementJson.Default.ShardMap, cancellation).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(map, ManagementJson.Default.ShardMap);
        }
        else
        {
            session.Screen.Write(session.Parsed.GetValue(All) ? EachShard(session.Screen, map) : EachOwner(session.Screen, map));
        }

        return ExitCode.Ok;
    }

    private static Table EachOwner(Screen screen, ShardMap map)
    {
        var table = screen.NewTable("owner", "count", "entities", "moving away", "shards");
        foreach (var owner in map.Shards.GroupBy(shard => (shard.Owner, shard.OwnerUid)).OrderBy(owner => owner.Key.Owner, StringComparer.Ordinal))
        {
            var shards = owner.ToList();
            var entities = shards.Any(shard => shard.Entities is null) ? "?" : Number(shards.Sum(shard => shard.Entities!.Value));
            table.AddRow(
                owner.Key.Owner is null ? screen.Cell("none", Color.Red) : screen.Cell(owner.Key.Owner),
                screen.Cell(Number(shards.Count)), screen.Cell(entities), screen.Cell(Number(shards.Count(IsMoving))),
                screen.Cell(ShardRanges.Of(shards.Select(shard => shard.Name))));
        }

        return table;
    }

    private static Table EachShard(Screen screen, ShardMap map)
    {
        var table = screen.NewTable("shard", "owner", "epoch", "entities", "target", "pinned to");
        foreach (var shard in map.Shards)
        {
            table.AddRow(
                screen.Cell(shard.Name.ToString()), shard.Owner is null ? screen.Cell("none", Color.Red) : screen.Cell(shard.Owner),
                screen.Cell(Number(shard.Epoch)), screen.Cell(shard.Entities is { } count ? Number(count) : "?"),
                screen.Cell(shard.Target, IsMoving(shard) ? Color.Yellow : null), screen.Cell(shard.PinnedTo));
        }

        return table;
    }

    private static bool IsMoving(ShardShape shard) => shard.Target is not null && shard.Target != shard.Owner;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
