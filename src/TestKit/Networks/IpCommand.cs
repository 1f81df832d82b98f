using System.ComponentModel;
using System.Diagnostics;

namespace AkkaScale.TestKit.Networks;

/// <summary>Runs ip(8).</summary>
internal static class IpCommand
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    /// <summary>What it printed.</summary>
    /// <exception cref="SpecFailedException">It is not installed, failed, or did not end in time.</exception>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("ip", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new SpecFailedException($"ip cannot be started, install package iproute2: {missing.Message}", missing);
        }

        using var ended = process;
        using var bound = new CancellationTokenSource(Bound);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(bound.Token);
            var error = process.StandardError.ReadToEndAsync(bound.Token);
            await process.WaitForExitAsync(bound.Token);
            return process.ExitCode == 0
                ? await output
                : throw new SpecFailedException($"ip {string.Join(' ', arguments)} failed: {(await error).Trim()}");
        }
        catch (OperationCanceledException late)
        {
            process.Kill();
            throw new SpecFailedException($"ip {string.Join(' ', arguments)} did not end within {Bound.TotalSeconds} s", late);
        }
    }

    /// <summary>The same where a failure is of no consequence.</summary>
    public static async Task TryAsync(params string[] arguments)
    {
        try
        {
            await RunAsync(arguments);
        }
        catch (SpecFailedException)
        {
        }
    }
}
