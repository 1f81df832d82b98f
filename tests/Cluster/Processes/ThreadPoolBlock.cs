namespace AkkaScale.Tests.Cluster.Processes;

/// <summary>Keeps every thread of the pool, for good. Akka's dispatchers run on it, and so does all that is asynchronous.</summary>
internal static class ThreadPoolBlock
{
    private const int MoreThanThePoolHas = 1_000;

    public static void Begin()
    {
        // The pool would grow by one or two threads a second otherwise, and some work would go on.
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMaxThreads(workers, completions);
        for (var number = 0; number < MoreThanThePoolHas; number++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static _ => Thread.Sleep(Timeout.Infinite), null);
        }
    }
}
