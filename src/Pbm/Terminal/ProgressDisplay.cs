using System.Globalization;
using Spectre.Console;

namespace AkkaScale.Pbm.Terminal;

/// <summary>Shows work that takes more than a second: a bar on a terminal, a line every few seconds elsewhere.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    /// <param name="read">Called from another thread than the work.</param>
    public static async Task RunAsync(Screen screen, string title, Func<ProgressReading> read, Func<Task> work)
    {
        var running = Task.Run(work);
        if (!await EndsWithinAsync(running, Patience).ConfigureAwait(false))
        {
            await (screen.IsProgressInteractive ? ShowBarAsync(screen, title, read, running) : ShowLinesAsync(title, read, running))
                .ConfigureAwait(false);
        }

        await running.ConfigureAwait(false);
    }

    private static Task ShowBarAsync(Screen screen, string title, Func<ProgressReading> read, Task running) =>
        screen.Progress.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(title);
                do
                {
                    var reading = read();
                    bar.MaxValue = Math.Max(1, reading.Total);
                    bar.Value = reading.Done;
                    bar.Description = Markup.Escape($"{title} {reading.Note}");
                }
                while (!await EndsWithinAsync(running, BarInterval).ConfigureAwait(false));
            });

    private static async Task ShowLinesAsync(string title, Func<ProgressReading> read, Task running)
    {
        do
        {
            var reading = read();
            await Console.Error.WriteLineAsync(reading.Total > 0
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{title}: {reading.Done:N0} of {reading.Total:N0} ({100.0 * reading.Done / reading.Total:0} %) {reading.Note}")
                : $"{title} …").ConfigureAwait(false);
        }
        while (!await EndsWithinAsync(running, LineInterval).ConfigureAwait(false));
    }

    private static async Task<bool> EndsWithinAsync(Task running, TimeSpan time)
    {
        using var stop = new CancellationTokenSource();
        var first = await Task.WhenAny(running, Task.Delay(time, TimeProvider.System, stop.Token)).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        return first == running;
    }
}
