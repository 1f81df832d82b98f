using System.Diagnostics;
using Xunit.Sdk;

namespace AkkaScale.Tests.Support;

/// <summary>Waits for a condition up to a deadline that says what did not happen and what was seen instead.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns as soon as <paramref name="look"/> finds nothing to object to.</summary>
    /// <param name="what">What should become true, in words.</param>
    /// <param name="within">The bound on the wait.</param>
    /// <param name="look">Null when it is true, otherwise what is seen instead. An I/O error counts as seen.</param>
    public static async Task Holds(string what, TimeSpan within, Func<Task<string?>> look)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var seen = await LookAsync(look);
            if (seen is null)
            {
                return;
            }

            if (clock.Elapsed > within)
            {
                throw new XunitException($"Within {within.TotalSeconds:0.#} s it did not happen that {what}. Seen last: {seen}");
            }

            await Task.Delay(Interval);
        }
    }

    public static Task Holds(string what, TimeSpan within, Func<string?> look) =>
        Holds(what, within, () => Task.FromResult(look()));

    private static async Task<string?> LookAsync(Func<Task<string?>> look)
    {
        try
        {
            return await look();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or System.Text.Json.JsonException)
        {
            return e.Message;
        }
    }
}
