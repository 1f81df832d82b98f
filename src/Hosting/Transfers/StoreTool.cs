using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaScale.Hosting.Options;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaScale.Hosting.Transfers;

/// <summary>
/// The verb of a node's program for a store that no node runs on: "restore-check". It takes the node's settings of the store. The result goes to standard output as one JSON document, "progress &lt;done&gt; &lt;all&gt;" and complaints to standard error. Exit codes as of a node, and 1 for
/// a store that breaks an invariant.
/// </summary>
public static class StoreTool
{
    private const int Violated = 1;

    public static bool Knows(string[] args) => args is ["restore-check", ..];

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args[1..], AkkaScaleOptions.Switches).Build();
            return await CheckAsync(configuration, CancellationToken.None);
        }
        catch (OptionsRefusedException refused)
        {
            return Complain(ExitCodes.Refused, string.Join(Environment.NewLine, refused.Problems));
        }
        catch (Exception refused) when (refused is ClusterRefusedException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return Complain(ExitCodes.Refused, refused.Message);
        }
        catch (StoreUnavailableException unavailable)
        {
            return Complain(ExitCodes.StoreUnavailable, unavailable.Message);
        }
    }

    private static async Task<int> CheckAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        var options = AkkaScaleOptions.Read(configuration);
        await using var store = new NodeStores(options, TimeProvider.System, NullLoggerFactory.Instance).Create(new Incarnation(Guid.NewGuid()));
        var checkedStore = await new RestoreCheck(store, options, TimeProvider.System, Progress()).RunAsync(cancellationToken);
        Console.WriteLine(JsonSerializer.Serialize(checkedStore, TransferJson.Default.RestoreAnswer));
        return checkedStore.ViolationCount == 0 ? ExitCodes.Ok : Violated;
    }

    /// <summary>Once a percent, for whoever shows it.</summary>
    private static Action<long, long> Progress()
    {
        var shown = -1L;
        return (done, all) =>
        {
            var percent = all == 0 ? 100 : done * 100 / all;
            if (percent != shown)
            {
                shown = percent;
                Console.Error.WriteLine($"progress {done} {all}");
            }
        };
    }

    private static int Complain(int exitCode, string message)
    {
        Console.Error.WriteLine(message);
        return exitCode;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RestoreAnswer))]
internal sealed partial class TransferJson : JsonSerializerContext;
