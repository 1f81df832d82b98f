namespace AkkaScale.Tests.Cluster.Storage;

/// <summary>Runs several things at one moment, each on a thread of its own.</summary>
internal static class AtOnce
{
    public static async Task<T[]> RunAsync<T>(params Func<T>[] all)
    {
        using var start = new Barrier(all.Length);
        return await Task.WhenAll(all.Select(each => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return each();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }
}
