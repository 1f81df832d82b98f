using AkkaScale.Cluster;
using AkkaScale.Cluster.Options;
using AkkaScale.Node.Host;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Node.Lifecycle;

/// <summary>Ends the process of a node that may not or cannot go on, with a word on standard error.</summary>
internal sealed class NodeExit(IEnumerable<ILoggerProvider> loggers)
{
    private int _ending;

    /// <summary>For a refusal it does not return: whoever was refused would go on to report a fault of the program.</summary>
    public void End(NodeEnd end, string reason)
    {
        End((int)end, reason);
        if (end == NodeEnd.Refused)
        {
            using var never = new ManualResetEventSlim();
            never.Wait();
        }
    }

    /// <summary>Returns before the process has ended; it ends whatever hangs in it, see <see cref="ProcessExit"/>.</summary>
    public void End(int code, string reason)
    {
        if (Interlocked.Exchange(ref _ending, 1) == 0)
        {
            Console.Error.WriteLine($"The node stops: {OperatorLog.Escape(reason)}");

            // What has been logged is written by then; it is the log that tells the rest. What is logged from now on is written at once.
            foreach (var logger in loggers)
            {
                logger.Dispose();
            }

            ProcessExit.Begin((NodeEnd)code);
        }
    }
}
