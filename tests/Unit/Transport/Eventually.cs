using System.Diagnostics;
using Xunit;

namespace AkkaScale.Tests.Unit.Transport;

/// <summary>Waits for a condition instead of sleeping.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<bool> condition, string whatDidNotHappen)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Limit, $"After {Limit.TotalSeconds} s: {whatDidNotHappen}");
            await Task.Delay(5);
        }
    }

    public static async Task<T> WithinLimitAsync<T>(Task<T> task, string whatDidNotHappen)
    {
        try
        {
            return await task.WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"After {Limit.TotalSeconds} s: {whatDidNotHappen}");
            throw;
        }
    }
}
