using System.Runtime.InteropServices;

namespace AkkaScale.Pbm.Terminal;

/// <summary>A process that runs in the background of a terminal: behind <c>&amp;</c>, or below <c>timeout</c>.</summary>
internal static class BackgroundProcess
{
    private static PosixSignalRegistration? _continued;

    /// <summary>
    /// When a process is told to continue, .NET sets the terminal of its standard input anew. In the background that stops the process once
    /// more, and <c>timeout</c>, which ends and continues it, would wait for it for ever. Who does not write to the terminal has changed
    /// nothing about it that could have to be set again.
    /// </summary>
    public static void KeepRunning()
    {
        if (Console.IsOutputRedirected && !OperatingSystem.IsWindows())
        {
            _continued = PosixSignalRegistration.Create(PosixSignal.SIGCONT, static context => context.Cancel = true);
        }
    }
}
