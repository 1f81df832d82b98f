using System.Runtime.InteropServices;
using AkkaScale.Cluster.Options;

namespace AkkaScale.Cluster;

/// <summary>Ends this process with a code, whatever hangs in it.</summary>
internal static partial class ProcessExit
{
    private const int Kill = 9;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static int _ending;

    /// <summary>
    /// Returns at once. The process exits with the end's code; if it is still there after two seconds (a finalizer, a shutdown hook or a lock
    /// that hangs) it sends itself SIGKILL. A reason goes to standard error at once: what loggers have in
    /// their queues may be lost.
    /// </summary>
    public static void Begin(NodeEnd end, string? reason = null)
    {
        if (Interlocked.Exchange(ref _ending, 1) == 0)
        {
            new Thread(static () =>
            {
                using var never = new ManualResetEventSlim();
                never.Wait(Patience);
                SendSignal(Environment.ProcessId, Kill);
            })
            { IsBackground = true, Name = "last exit" }.Start();
            new Thread(() =>
            {
                if (reason is not null)
                {
                    Console.Error.WriteLine($"This process ends as a member: {end} (exit code {(int)end}). {reason}");
                }

                Environment.Exit((int)end);
            })
            { IsBackground = true, Name = "exit" }.Start();
        }
    }

    private static void SendSignal(int processId, int signal)
    {
        if (OperatingSystem.IsWindows())
        {
            Environment.FailFast("The process did not exit in time.");
        }

        _ = SystemKill(processId, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SystemKill(int processId, int signal);
}
