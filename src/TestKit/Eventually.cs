using System.Diagnostics;
using System.Text.Json;

namespace AkkaScale.TestKit;

/// <summary>Waits for a condition, by the machine's clock, up to a deadline that says what did not happen and what was seen instead.</summary>
public static class Eventually
{
    /// <summary>The bound of the waits that are given none.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns as soon as <paramref name="look"/> finds nothing to object to.</summary>
    /// <param name="what">What should become true, in words.</param>
    /// <param name="within">The bound on the wait.</param>
    /// <param name="look">Null when it is true, otherwise what is seen instead. An I/O error counts as seen.</param>
    public static async Task Holds(string what, TimeSpan within, Func<Task<string?>> look)
    {
        var clock = Stopwatch.StartNew();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var seen = await LookAsync(look);
            if (seen is null)
            {
                return;
            }

            if (clock.Elapsed > within)
            {
                throw new SpecFailedException($"Within {within.TotalSeconds:0.#} s it did not happen that {what}. Seen last: {seen}");
            }

            await Task.Delay(pause);
        }
    }

    /// <inheritdoc cref="Holds(string,TimeSpan,Func{Task{string?}})"/>
    public static Task Holds(string what, TimeSpan within, Func<string?> look) =>
        Holds(what, within, () => Task.FromResult(look()));

    /// <summary>The condition becomes true within <see cref="Limit"/>.</summary>
    public static Task Holds(string what, Func<bool> condition) => Holds(what, Limit, () => condition() ? null : "it is not so");

    /// <summary>The condition becomes true within <see cref="Limit"/>.</summary>
    /// <param name="whatDidNotHappen">The sentence of the failure, such as "the frame did not arrive".</param>
    public static async Task TrueAsync(Func<bool> condition, string whatDidNotHappen)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > Limit)
            {
                throw new SpecFailedException($"After {Limit.TotalSeconds} s: {whatDidNotHappen}");
            }

            await Task.Delay(FirstPause);
        }
    }

    /// <summary>The task ends within <see cref="Limit"/>; its result.</summary>
    public static async Task<T> WithinLimitAsync<T>(Task<T> task, string whatDidNotHappen)
    {
        try
        {
            return await task.WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            throw new SpecFailedException($"After {Limit.TotalSeconds} s: {whatDidNotHappen}");
        }
    }

    private static async Task<string?> LookAsync(Func<Task<string?>> look)
    {
        try
        {
            return await look();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            return e.Message;
        }
    }
}
