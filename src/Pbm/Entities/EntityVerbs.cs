using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Entities;

/// <summary>`pbm where` and `pbm entity …`</summary>
internal static class EntityVerbs
{
    private const int LargestPage = 1_000;

    private static readonly Argument<string> Entity = new("entity") { Description = "kind/id, such as task/t-1", HelpName = "kind/id" };
    private static readonly Option<int> Limit = NumberOption.Create("--limit", 100, 1, int.MaxValue, "Events to print at most.");
    private static readonly Option<int> After = NumberOption.Create("--after", 0, 0, int.MaxValue, "Start after this version.");

    public static Command CreateWhere(GlobalOptions global)
    {
        var where = new Command("where", "In which shard and on which node an entity lives.") { Entity };
        HelpWithExamples.Register(where, "pbm where task/t-1");
        where.SetAction((parsed, cancellation) => WhereAsync(new Session(parsed, global), cancellation));
        return where.Watchable();
    }

    public static Command Create(GlobalOptions global)
    {
        var events = new Command("events", "The events of one entity, from the journal; exit code 1 if it has none.") { Entity, After, Limit };
        HelpWithExamples.Register(events, "pbm entity events task/t-1 --limit 20");
        events.SetAction((parsed, cancellation) => EventsAsync(new Session(parsed, global), cancellation));
        return new Command("entity", "One entity.")
        {
            EntityStateVerbs.CreateShow(global), events, EntityStateVerbs.CreateTail(global), EntityStateVerbs.CreatePassivate(global),
        };
    }

    private static async Task<int> WhereAsync(Session session, CancellationToken cancellation)
    {
        var entity = EntityAddress.Parse(session.Parsed.GetRequiredValue(Entity));
        var place = await session.GetAsync($"/cluster/where/{entity.Path}", ManagementJson.Default.EntityPlace, cancellation).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(place, ManagementJson.Default.EntityPlace);
            return ExitCode.Ok;
        }

        var screen = session.Screen;
        var table = screen.NewTable("entity", "shard", "owner", "epoch", "version", "in memory");
        table.AddRow(
            screen.Cell($"{place.Kind}/{place.Id}"), screen.Cell(new ShardName(place.Region, place.Shard).ToString()), screen.Cell(place.Owner ?? "none"),
            screen.Cell(Number(place.Epoch)), screen.Cell(place.Version is { } version ? Number(version) : "no events"),
            screen.Cell(place.Resident switch { true => "yes", false => "no", null => "unknown" }));
        screen.Write(table);
        return ExitCode.Ok;
    }

    private static async Task<int> EventsAsync(Session session, CancellationToken cancellation)
    {
        var entity = EntityAddress.Parse(session.Parsed.GetRequiredValue(Entity));
        var read = await ReadEventsAsync(session, entity, cancellation).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(read, ManagementJson.Default.EntityEvents);
        }
        else if (read.Events.Count == 0)
        {
            Screen.Complain($"{entity} has no events after version {session.Parsed.GetValue(After)}");
        }
        else
        {
            Print(session.Screen, entity, read);
        }

        return read.Events.Count == 0 ? ExitCode.Finding : ExitCode.Ok;
    }

    private static async Task<EntityEvents> ReadEventsAsync(Session session, EntityAddress entity, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var wanted = session.Parsed.GetValue(Limit);
        var events = new List<EventShape>();
        long? after = session.Parsed.GetValue(After);
        while (after is not null && events.Count < wanted)
        {
            var limit = Math.Min(wanted - events.Count, LargestPage);
            var page = await client.GetAsync($"/entities/{entity.Path}/events?after={after}&limit={limit}",
                ManagementJson.Default.EntityEvents, cancellation).ConfigureAwait(false);
            events.AddRange(page.Events);
            after = page.Events.Count == 0 ? null : page.Next;
        }

        return new EntityEvents(events, after);
    }

    private static void Print(Screen screen, EntityAddress entity, EntityEvents read)
    {
        screen.WriteLine($"{entity}, shard {new ShardName(read.Events[0].Region, read.Events[0].Shard)}");
        foreach (var one in read.Events)
        {
            // Not a table: payloads leave no room for columns.
            screen.WriteLine($"{one.Version}  {one.Type}  {one.At}  epoch {Known(one.Epoch)}  {one.CommandId}");
            screen.WriteLine($"    {(one.Payload.ValueKind == JsonValueKind.Undefined ? "" : one.Payload.GetRawText())}");
        }

        if (read.Next is { } next)
        {
            screen.WriteLine($"there are more: --after {Number(next)}");
        }
    }

    private static string Known(long? number) => number is { } known ? Number(known) : "-";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
