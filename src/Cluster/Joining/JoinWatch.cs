using Akka.Actor;
using Akka.Cluster;
using AkkaScale.Cluster.Options;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Cluster.Joining;

/// <summary>
/// Sees to it that a process becomes a member. Once Akka has been told whom to join it tries the same for ever, also when they are gone: it
/// is told again, and a process that is no member in time ends, to be started again.
/// </summary>
/// <param name="others">Addresses of all who could let this process in; none before it may join.</param>
internal sealed partial class JoinWatch(
    Akka.Cluster.Cluster cluster, ClusterDatabaseOptions options, Func<IReadOnlyList<string>> others, Action<NodeEnd, string> end, ILogger logger)
{
    /// <summary>Long enough for somebody who died to be known as dead.</summary>
    private readonly TimeSpan _pause = options.TimeToLive * 2;

    public async Task RunAsync(CancellationToken stopping)
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.RegisterOnMemberUp(() => up.TrySetResult());
        try
        {
            for (var left = options.JoinTimeout; left > TimeSpan.Zero; left -= _pause)
            {
                if (await IsUpAsync(up.Task, left < _pause ? left : _pause, stopping))
                {
                    return;
                }

                JoinAgain();
            }

            end(NodeEnd.JoinTimedOut, $"It did not become a member of the cluster within {options.JoinTimeout.TotalSeconds:0.#} s.");
        }
        catch (OperationCanceledException)
        {
            // The system is being stopped.
        }
    }

    private async Task<bool> IsUpAsync(Task up, TimeSpan wait, CancellationToken stopping)
    {
        try
        {
            await up.WaitAsync(wait, options.Time, stopping);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void JoinAgain()
    {
        if (cluster.SelfMember.Status == MemberStatus.Removed && others() is { Count: > 0 } addresses)
        {
            LogJoinAgain(logger, string.Join(", ", addresses));
            cluster.JoinSeedNodes(addresses.Select(Address.Parse));
        }
    }

    [LoggerMessage(EventId = 4004, Level = LogLevel.Warning, Message = "Nobody has let this process in yet. Now asking {Addresses}.")]
    private static partial void LogJoinAgain(ILogger logger, string addresses);
}
