using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.CommandLine;

/// <summary>`pbm shards …`</summary>
internal static class ShardVerbs
{
    private static readonly Option<bool> All = new("--all") { Description = "A row for each shard instead of one for each owner." };

    public static Command Create(GlobalOptions global)
    {
        return new Command("shards", "Shards and their owners.")
        {
            CreateMap(global, "map").Watchable(), PinVerbs.CreatePin(global), PinVerbs.CreateUnpin(global), PlanVerbs.CreatePlan(global).Watchable(), PlanVerbs.CreateWhy(global).Watchable(),
            MoveVerbs.CreateMove(global), MoveVerbs.CreateApply(global), MoveVerbs.CreateRebalance(global), WatchVerb.Create(global),
        };
    }

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
                screen.Cell(Ranges(shards.Select(shard => shard.Shard))));
        }

        return table;
    }

    private static Table EachShard(Screen screen, ShardMap map)
    {
        var table = screen.NewTable("shard", "owner", "epoch", "acquired by", "entities", "target");
        foreach (var shard in map.Shards)
        {
            table.AddRow(
                screen.Cell(Number(shard.Shard)), shard.Owner is null ? screen.Cell("none", Color.Red) : screen.Cell(shard.Owner),
                screen.Cell(Number(shard.Epoch)), screen.Cell(shard.AcquiredBy), screen.Cell(shard.Entities is { } count ? Number(count) : "?"),
                IsMoving(shard) ? screen.Cell(shard.Reason is null ? shard.Target : $"{shard.Target} ({shard.Reason})", Color.Yellow) : screen.Cell(shard.Target));
        }

        return table;
    }

    /// <summary>0-3, 7, 9-12</summary>
    internal static string Ranges(IEnumerable<int> shards)
    {
        var parts = new List<string>();
        int? first = null;
        var last = 0;
        foreach (var shard in shards.Order())
        {
            if (first is null || shard != last + 1)
            {
                Close();
                first = shard;
            }

            last = shard;
        }

        Close();
        return string.Join(", ", parts);

        void Close()
        {
            if (first is { } start)
            {
                parts.Add(start == last ? Number(start) : $"{Number(start)}-{Number(last)}");
            }
        }
    }

    private static bool IsMoving(ShardShape shard) => shard.Target is not null && shard.Target != shard.Owner;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
