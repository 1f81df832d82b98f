using System.ComponentModel;
using System.Diagnostics;
using AkkaScale.TestKit;

namespace AkkaScale.Tests.Chaos.Rig;

/// <summary>Runs a program of this machine to its end.</summary>
internal static class HostCommand
{
    /// <returns>What it printed.</returns>
    /// <exception cref="SpecFailedException">It cannot be started, failed, or did not end in time.</exception>
    public static async Task<string> RunAsync(TimeSpan within, params IReadOnlyList<string> command)
    {
        using var process = Start(command);
        using var bound = new CancellationTokenSource(within);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(bound.Token);
            var errors = process.StandardError.ReadToEndAsync(bound.Token);
            await process.WaitForExitAsync(bound.Token);
            return process.ExitCode == 0
                ? await output
                : throw new SpecFailedException($"{string.Join(' ', command)} ended with {process.ExitCode}: {(await errors).Trim()}");
        }
        catch (OperationCanceledException late)
        {
            process.Kill();
            throw new SpecFailedException($"{string.Join(' ', command)} did not end within {within.TotalSeconds:0} s", late);
        }
    }

    /// <summary>Starts it with its output redirected; whoever starts it must read that and end it.</summary>
    public static Process Start(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment["LC_ALL"] = "C";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new SpecFailedException($"{command[0]} cannot be started: {missing.Message}", missing);
        }
    }
}
