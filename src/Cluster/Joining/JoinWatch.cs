using AkkaScale.Cluster.Options;

namespace AkkaScale.Cluster.Joining;

/// <summary>
/// Ends a process that does not become a member in time, to be started again: once Akka has been told whom to join it tries the same for
/// ever, also when they are gone.
/// </summary>
internal static class JoinWatch
{
    public static async Task RunAsync(
        Akka.Cluster.Cluster cluster, ClusterDatabaseOptions options, Action<NodeEnd, string> end, CancellationToken stopping)
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.RegisterOnMemberUp(() => up.TrySetResult());
        try
        {
            await up.Task.WaitAsync(options.JoinTimeout, options.Time, stopping);
        }
        catch (TimeoutException)
        {
            end(NodeEnd.JoinTimedOut, $"It did not become a member of the cluster within {options.JoinTimeout.TotalSeconds:0.#} s.");
        }
        catch (OperationCanceledException)
        {
            // The system is being stopped.
        }
    }
}
