using System.Diagnostics;

namespace AkkaScale.Tests.Journal.Smoke;

internal static class Conditions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, $"It did not happen that {what}.");
            await Task.Delay(20);
        }
    }
}
