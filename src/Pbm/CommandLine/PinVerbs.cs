using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.CommandLine;

/// <summary>`pbm shards pin` and `pbm shards unpin`</summary>
internal static class PinVerbs
{
    private static readonly Argument<string> Node = new("node") { Description = "Name of the node." };

    public static Command CreatePin(GlobalOptions global)
    {
        var pin = new Command("pin", "A shard belongs on this node whenever the node is up; balance does not count for it.")
        {
            OrderOptions.Shard, Node, OrderOptions.Reason, OrderOptions.By,
        };
        HelpWithExamples.Register(pin, "pbm shards pin 17 node-2 --reason \"noisy neighbour\"");
        pin.SetAction((parsed, cancellation) => PinAsync(new Session(parsed, global), cancellation));
        return pin;
    }

    public static Command CreateUnpin(GlobalOptions global)
    {
        var unpin = new Command("unpin", "A shard may live anywhere again.") { OrderOptions.Shard };
        HelpWithExamples.Register(unpin, "pbm shards unpin 17");
        unpin.SetAction((parsed, cancellation) => UnpinAsync(new Session(parsed, global), cancellation));
        return unpin;
    }

    private static async Task<int> PinAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        var parsed = session.Parsed;
        var body = new PinBody(parsed.GetRequiredValue(Node), parsed.GetValue(OrderOptions.Reason)!, parsed.GetValue(OrderOptions.By)!);
        var pin = await client.PostAsync(
            Path(session), body, ManagementJson.Default.PinBody, ManagementJson.Default.PinShape, cancellation).ConfigureAwait(false);
        Print(session, pin);
        return ExitCode.Ok;
    }

    private static async Task<int> UnpinAsync(Session session, CancellationToken cancellation)
    {
        using var client = session.Connect();
        Print(session, await client.DeleteAsync(Path(session), ManagementJson.Default.PinShape, cancellation).ConfigureAwait(false));
        return ExitCode.Ok;
    }

    private static string Path(Session session) =>
        string.Create(CultureInfo.InvariantCulture, $"/shards/{session.Parsed.GetRequiredValue(OrderOptions.Shard)}/pin");

    private static void Print(Session session, PinShape pin)
    {
        if (session.Screen.Json)
        {
            session.Screen.WriteJson(pin, ManagementJson.Default.PinShape);
        }
        else
        {
            var number = pin.Shard.ToString(CultureInfo.InvariantCulture);
            session.Screen.WriteLine(pin.Node is null ? $"shard {number} is not pinned" : $"shard {number} is pinned to {pin.Node}");
        }
    }
}
