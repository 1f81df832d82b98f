using AkkaScale.Node.Connections;
using AkkaScale.Node.Options;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Node.Lifecycle;

/// <summary>Opens a node's gateway, and calls the node ready, when the cluster can be asked through it.</summary>
/// <param name="warmUp">Asks the cluster as requests will do, for so long at most.</param>
internal sealed partial class GatewayOpening(
    NodeSystem node, GatewayDoor door, NodeOptions options, Func<TimeSpan, Task> warmUp, TimeProvider time, ILogger<GatewayOpening> logger)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Of the warm-up: a cluster in trouble is not to keep a gateway closed, which says what the trouble is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <exception cref="IOException">The port cannot be opened.</exception>
    public async Task RunAsync()
    {
        while (node.MembershipTroubles.Count > 0)
        {
            if (node.IsLeaving)
            {
                return;
            }

            await Task.Delay(Poll, time);
        }

        if (options.IsGateway)
        {
            var began = time.GetTimestamp();
            await warmUp(Patience);
            LogWarm(logger, time.GetElapsedTime(began).TotalSeconds);
        }

        await door.OpenAsync();
        node.Open();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The gateway opens, after a warm-up of {Seconds:0.0} s")]
    private static partial void LogWarm(ILogger logger, double seconds);
}
