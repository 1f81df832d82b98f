using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AkkaScale.Pbm.Invocation;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;
using Spectre.Console;

namespace AkkaScale.Pbm.Entities;

/// <summary>`pbm entity show`, `tail` and `passivate`</summary>
internal static class EntityStateVerbs
{
    private const int LargestPage = 1_000;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly Argument<string> Entity = new("entity") { Description = "kind/id, such as task/t-1", HelpName = "kind/id" };
    private static readonly Option<int> Last = NumberOption.Create("--last", 0, 0, 1_000, "Events that there are already to begin with.");
    private static readonly Option<int> Interval = NumberOption.Create("--interval", 500, 50, 60_000, "Milliseconds between two looks.");

    public static Command CreateShow(GlobalOptions global)
    {
        var show = new Command("show", "The state of one entity, from its owner's memory or else from the journal; does not wake it. Exit code 1 if it has no events.")
        {
            Entity,
        };
        HelpWithExamples.Register(show, "pbm entity show task/t-1");
        show.SetAction((parsed, cancellation) => ShowAsync(new Session(parsed, global), cancellation));
        return show.Watchable();
    }

    public static Command CreateTail(GlobalOptions global)
    {
        var tail = new Command("tail", "New events of one entity as they are written, until Ctrl-C.") { Entity, Last, Interval };
        HelpWithExamples.Register(tail, "pbm entity tail task/t-1 --last 5");
        tail.SetAction((parsed, cancellation) => TailAsync(new Session(parsed, global), cancellation));
        return tail;
    }

    public static Command CreatePassivate(GlobalOptions global)
    {
        var passivate = new Command("passivate", "Takes one entity out of its owner's memory; the next command loads it from the journal.")
        {
            Entity, OrderOptions.Reason, OrderOptions.By,
        };
        HelpWithExamples.Register(passivate, "pbm entity passivate task/t-1");
        passivate.SetAction((parsed, cancellation) => PassivateAsync(new Session(parsed, global), cancellation));
        return passivate;
    }

    private static async Task<int> ShowAsync(Session session, CancellationToken cancellation)
    {
        var entity = EntityAddress.Parse(session.Parsed.GetRequiredValue(Entity));
        var shown = await session.GetAsync($"/entities/{entity.Path}", SteeringJson.Default.EntityStateShape, cancellation).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(shown, SteeringJson.Default.EntityStateShape);
        }
        else if (shown.State is null)
        {
            Screen.Complain($"{entity} has no events");
        }
        else
        {
            Print(session.Screen, entity, shown);
        }

        return shown.State is null ? ExitCode.Finding : ExitCode.Ok;
    }

    private static void Print(Screen screen, EntityAddress entity, EntityStateShape shown)
    {
        var memory = shown.Resident switch { true => "in memory", false => "not in memory", null => "in memory or not is unknown" };
        screen.WriteLine($"{entity}  version {Number(shown.Version)}  shard {new ShardName(shown.Region, shown.Shard)}  on {shown.Owner ?? "no node"}, {memory}");
        screen.WriteLine(shown.Source == "owner" ? "state as its owner has it" : "state as the journal gives it");

        // Line by line: a line feed within would be shown as an escape.
        foreach (var line in JsonSerializer.Serialize(shown.State!.Value, Indented).Split('\n'))
        {
            screen.WriteLine(line);
        }
    }

    private static async Task<int> PassivateAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var entity = EntityAddress.Parse(session.Parsed.GetRequiredValue(Entity));
        var body = new OrderBody(session.Parsed.GetValue(OrderOptions.Reason)!, session.Parsed.GetValue(OrderOptions.By)!);
        var answer = await client.PostAsync(
            $"/entities/{entity.Path}/passivate", body, ManagementJson.Default.OrderBody, SteeringJson.Default.PassivatedShape,
            cancellation).ConfigureAwait(false);
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(answer, SteeringJson.Default.PassivatedShape);
        }
        else
        {
            session.Screen.WriteLine(
                answer.Passivated ? $"{entity} has left the memory of {answer.Owner}" : $"{entity} was not in memory", answer.Passivated ? Color.Green : null);
        }

        return ExitCode.Ok;
    }

    private static async Task<int> TailAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var entity = EntityAddress.Parse(session.Parsed.GetRequiredValue(Entity));
        try
        {
            var place = await client.GetAsync($"/cluster/where/{entity.Path}", ManagementJson.Default.EntityPlace, cancellation).ConfigureAwait(false);
            var after = Math.Max(0, (place.Version ?? 0) - session.Parsed.GetValue(Last));
            await Polling.RepeatAsync(
                TimeSpan.FromMilliseconds(session.Parsed.GetValue(Interval)),
                async () => after = await PrintNewAsync(session.Screen, client, entity, after, cancellation).ConfigureAwait(false),
                cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }

        return ExitCode.Ok;
    }

    private static async Task<long> PrintNewAsync(
        Screen screen, ManagementClient client, EntityAddress entity, long after, CancellationToken cancellation)
    {
        while (true)
        {
            var page = await client.GetAsync(
                string.Create(CultureInfo.InvariantCulture, $"/entities/{entity.Path}/events?after={after}&limit={LargestPage}"),
                ManagementJson.Default.EntityEvents, cancellation).ConfigureAwait(false);
            foreach (var one in page.Events)
            {
                Print(screen, one);
                after = one.Version;
            }

            if (page.Next is null)
            {
                return after;
            }
        }
    }

    private static void Print(Screen screen, EventShape one)
    {
        if (screen.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(one, LineJson.Default.EventShape));
            return;
        }

        screen.WriteLine($"{Number(one.Version)}  {one.Type}  {one.At}  epoch {(one.Epoch is { } epoch ? Number(epoch) : "-")}  {one.Payload.GetRawText()}");
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
