using System.CommandLine;
using System.Globalization;
using AkkaScale.Pbm.Management;
using AkkaScale.Pbm.Terminal;

namespace AkkaScale.Pbm.Invocation;

/// <summary>`--watch [seconds]` of commands that only look: the command again and again, until Ctrl-C.</summary>
internal static class Watching
{
    private const string Home = "\e[H";
    private const string ClearScreen = "\e[2J";
    private const string ClearToEndOfLine = "\e[K";
    private const string ClearBelow = "\e[J";
    private const double Usual = 2;

    private static readonly Option<double?> Watch = new("--watch")
    {
        Description = "Look again every so many seconds (2 unless told) until Ctrl-C, which then is no failure.",
        HelpName = "seconds",
        Arity = ArgumentArity.ZeroOrOne,
        Validators =
        {
            given =>
            {
                if (given.Tokens.Count > 0 && !(double.TryParse(given.Tokens[0].Value, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0.1 and <= 3_600))
                {
                    given.AddError("--watch takes 0.1 to 3600 seconds");
                }
            },
        },
    };

    /// <summary>Gives the option to a command that changes nothing.</summary>
    public static Command Watchable(this Command command)
    {
        command.Add(Watch);
        return command;
    }

    /// <param name="explain">Tells of a failure; while one watches it ends nothing.</param>
    public static async Task<int> InvokeAsync(ParseResult parsed, Func<Exception, int> explain, CancellationToken cancellation)
    {
        // Signals are handled by the caller: the library would end the process after two seconds, report or not.
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        if (parsed.GetResult(Watch) is not { Implicit: false } || parsed.Errors.Count > 0)
        {
            return await parsed.InvokeAsync(configuration, cancellation).ConfigureAwait(false);
        }

        var interval = TimeSpan.FromSeconds(parsed.GetValue(Watch) ?? Usual);
        var isFirst = true;
        try
        {
            while (true)
            {
                await LookAsync(LookOnceAsync, interval, isFirst).ConfigureAwait(false);
                isFirst = false;
                await Task.Delay(interval, TimeProvider.System, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }

        async Task LookOnceAsync()
        {
            try
            {
                await parsed.InvokeAsync(configuration, cancellation).ConfigureAwait(false);
            }
            catch (NodeUnreachableException problem)
            {
                explain(problem);
            }
        }
    }

    /// <summary>On a terminal what was written is gathered and then drawn over what stood there, so that nothing flickers.</summary>
    private static async Task LookAsync(Func<Task> look, TimeSpan interval, bool isFirst)
    {
        if (!Screen.IsOutputTerminal)
        {
            await look().ConfigureAwait(false);
            return;
        }

        var (terminal, errors) = (Console.Out, Console.Error);
        using var gathered = new StringWriter(CultureInfo.InvariantCulture);
        Console.SetOut(gathered);
        Console.SetError(Console.IsErrorRedirected ? errors : gathered);
        try
        {
            await look().ConfigureAwait(false);
        }
        finally
        {
            Console.SetOut(terminal);
            Console.SetError(errors);
        }

        var title = string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetLocalNow():HH:mm:ss}, every {interval.TotalSeconds:0.#} s; Ctrl-C ends");
        var text = string.Join(ClearToEndOfLine + "\n", $"{title}\n\n{gathered}".TrimEnd('\n').Split('\n').Take(Math.Max(2, Console.WindowHeight - 1)));
        terminal.Write($"{(isFirst ? ClearScreen : "")}{Home}{text}{ClearToEndOfLine}\n{ClearBelow}");
    }
}
