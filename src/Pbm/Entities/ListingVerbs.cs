using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Entities;

/// <summary>`pbm entities …`: which are in memory, and which are busy.</summary>
internal static class ListingVerbs
{
    private const int LargestPage = 1_000;
    private const int MostUnknown = 10;

    private static readonly Option<int> Limit = NumberOption.Create("--limit", 100, 1, 100_000, "Entities at most.");
    private static readonly Option<int> Most = NumberOption.Create("--limit", 20, 1, LargestPage, "Entities at most, the busiest first.");
    private static readonly Option<string?> Shard = new("--shard") { Description = "Only those of this shard, such as task/17.", HelpName = "region/n" };
    private static readonly Option<string?> After = new("--after") { Description = "Go on after this one, which an earlier list has named.", HelpName = "kind/id" };

    public static Command Create(GlobalOptions global)
    {
        var kind = new Option<string?>("--kind") { Description = "Only those of this kind.", HelpName = "kind" };
        kind.CompletionSources.Add(context => LiveNames.Kinds(context, global));
        var list = new Command("list", "Entities in memory, by kind and shard, with their node; wakes none. Exit code 1 if an owner did not answer.") { kind, Shard, After, Limit };
        HelpWithExamples.Register(list, "pbm entities list --shard task/17");
        list.SetAction((parsed, cancellation) => ListAsync(new Session(parsed, global), parsed.GetValue(kind), cancellation));

        var busiest = new Command("busiest", "The entities that were given the most commands and reads in the last ten to twenty seconds. Exit code 1 if a node did not answer.") { kind, Most };
        HelpWithExamples.Register(busiest, "pbm entities busiest --kind task");
        busiest.SetAction((parsed, cancellation) => BusiestAsync(new Session(parsed, global), parsed.GetValue(kind), cancellation));
        return new Command("entities", "Entities in memory.") { list.Watchable(), busiest.Watchable() };
    }

    private static async Task<int> ListAsync(Session session, string? kind, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var wanted = session.Parsed.GetValue(Limit);
        var (entities, unknown, after) = (new List<ListedEntity>(), new HashSet<UnknownShardShape>(), session.Parsed.GetValue(After));
        if (after?.Contains('/', StringComparison.Ordinal) == false)
        {
            throw new UsageException($"{after} is not an entity such as task/t-1");
        }

        if (session.Parsed.GetValue(Shard) is { } shard && ShardName.Parse(shard) is null)
        {
            throw new UsageException($"{shard} is not a shard such as task/17");
        }

        do
        {
            var query = Query(
                ("limit", Math.Min(LargestPage, wanted - entities.Count).ToString(CultureInfo.InvariantCulture)), ("kind", kind),
                ("shard", session.Parsed.GetValue(Shard)), ("after", after));
            var page = await client.GetAsync($"/entities{query}", ListingJson.Default.EntityListing, cancellation).ConfigureAwait(false);
            entities.AddRange(page.Entities);
            unknown.UnionWith(page.Unknown);
            after = page.Next;
        }
        while (after is not null && entities.Count < wanted);
        var listing = new EntityListing(entities, after, [.. unknown.OrderBy(one => one.Region, StringComparer.Ordinal).ThenBy(one => one.Shard)]);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(listing, ListingJson.Default.EntityListing);
        }
        else
        {
            Print(session.Screen, listing);
        }

        return unknown.Count > 0 ? ExitCode.Finding : ExitCode.Ok;
    }

    private static async Task<int> BusiestAsync(Session session, string? kind, CancellationToken cancellation)
    {
        var query = Query(("limit", session.Parsed.GetValue(Most).ToString(CultureInfo.InvariantCulture)), ("kind", kind));
        var busiest = await session.GetAsync($"/entities/busiest{query}", ListingJson.Default.BusiestListing, cancellation).ConfigureAwait(false);
        var screen = session.Screen;
        if (screen.Json)
        {
            screen.WriteJson(busiest, ListingJson.Default.BusiestListing);
        }
        else if (busiest.Entities.Count == 0)
        {
            screen.WriteLine("no entity was given anything lately");
        }
        else
        {
            var table = screen.NewTable("entity", "shard", "owner", "messages", "per second");
            foreach (var busy in busiest.Entities)
            {
                table.AddRow(
                    screen.Cell($"{busy.Kind}/{busy.Id}"), screen.Cell(new ShardName(busy.Region, busy.Shard).ToString()), screen.Cell(busy.Owner),
                    screen.Cell(busy.Messages.ToString("N0", CultureInfo.InvariantCulture)), screen.Cell(busy.PerSecond.ToString("N1", CultureInfo.InvariantCulture)));
            }

            screen.Write(table);
        }

        if (busiest.Unknown.Count > 0)
        {
            Screen.Complain($"no answer of {string.Join(", ", busiest.Unknown)}: what is busy there is not known");
        }

        return busiest.Unknown.Count > 0 ? ExitCode.Finding : ExitCode.Ok;
    }

    private static void Print(Screen screen, EntityListing listing)
    {
        if (listing.Entities.Count == 0)
        {
            screen.WriteLine(listing.Unknown.Count == 0 ? "none is in memory" : "none is known to be in memory");
        }
        else
        {
            var table = screen.NewTable("entity", "shard", "owner");
            foreach (var entity in listing.Entities)
            {
                table.AddRow(
                    screen.Cell($"{entity.Kind}/{entity.Id}"), screen.Cell(new ShardName(entity.Region, entity.Shard).ToString()), screen.Cell(entity.Owner));
            }

            screen.Write(table);
        }

        if (listing.Next is { } next)
        {
            screen.WriteLine($"there are more: --after {next}");
        }

        if (listing.Unknown.Count > 0)
        {
            Screen.Complain(
                $"no answer for {string.Join(", ", listing.Unknown.Take(MostUnknown).Select(one => $"{new ShardName(one.Region, one.Shard)} on {one.Owner}"))}"
                + (listing.Unknown.Count > MostUnknown ? ", …" : "") + ": what is in memory there is not known");
        }
    }

    private static string Query(params (string Name, string? Value)[] parts) =>
        "?" + string.Join('&', parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
}
