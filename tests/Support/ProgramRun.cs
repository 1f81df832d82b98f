using System.Diagnostics;
using System.Text;
using Xunit.Sdk;

namespace AkkaScale.Tests.Support;

/// <summary>What a program that ran to its end left behind.</summary>
public sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a program to its end. Past the bound it is ended with all it started, and the test fails.</summary>
    /// <param name="environment">Added to the environment of the tests.</param>
    public static async Task<ProgramRun> ExecuteAsync(
        string program, IEnumerable<string> arguments, TimeSpan within, IReadOnlyDictionary<string, string>? environment = null, string? directory = null)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? Repository.Root,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        // Waits for the process, not for the end of its output: what it leaves running may hold the pipe open.
        var output = Collect(process, error: false);
        var error = Collect(process, error: true);
        using var bound = new CancellationTokenSource(within);
        try
        {
            while (!process.HasExited)
            {
                await Task.Delay(50, bound.Token);
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new XunitException($"{program} {string.Join(' ', start.ArgumentList)} did not end within {within.TotalSeconds:0} s:\n{Text(output)}{Text(error)}");
        }

        await Task.Delay(100); // what was written last is still on its way through the pipe
        return new ProgramRun(process.ExitCode, Text(output), Text(error));
    }

    public override string ToString() => $"exit code {ExitCode}\n{Output}{Error}";

    private static StringBuilder Collect(Process process, bool error)
    {
        var text = new StringBuilder();
        DataReceivedEventHandler add = (_, line) =>
        {
            if (line.Data is not null)
            {
                lock (text)
                {
                    text.Append(line.Data).Append('\n');
                }
            }
        };
        if (error)
        {
            process.ErrorDataReceived += add;
            process.BeginErrorReadLine();
        }
        else
        {
            process.OutputDataReceived += add;
            process.BeginOutputReadLine();
        }

        return text;
    }

    private static string Text(StringBuilder builder)
    {
        lock (builder)
        {
            return builder.ToString();
        }
    }
}
