using System.Globalization;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Dynamics;

namespace AkkaScale.Dynamics;

/// <summary>The first minute of a cluster whose processes have just started: what a steady load sees in each five seconds of it.</summary>
internal static class ColdCluster
{
    private const int Tasks = 40;
    private const int Windows = 12;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    /// <returns>How many requests failed, or showed what must not be.</returns>
    public static async Task<int> RunAsync(TestStore store, int nodes, double rate)
    {
        await using var spec = new MultiNodeSpec(role => new NodeSettings { Name = role, Store = store });
        await spec.StartAsync([.. Enumerable.Range(1, nodes).Select(number => $"node-{number}")]);
        Console.WriteLine("from ready    requests failed repeated      p50      p99  longest ms");
        await using var load = await SteadyLoad.StartAsync(() => [.. spec.Running.Select(node => node.Gateway)], rate, Tasks);
        for (var number = 0; number < Windows; number++)
        {
            var window = load.Begin($"{number * Window.TotalSeconds:0} s");
            await Task.Delay(Window);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{window.Name,10} {window.Requests,11} {window.Failed,6} {window.Repeated,8} {Ms(window.Quantile(0.5)),8} {Ms(window.Quantile(0.99)),8} {Ms(window.LongestPause.Pause),8}"));
        }

        await load.StopAndReadBackAsync();
        foreach (var wrong in load.Failures.Concat(load.Violations).Take(10))
        {
            Console.WriteLine(wrong);
        }

        return load.Failures.Count + load.Violations.Count;
    }

    private static string Ms(TimeSpan time) => time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
}
