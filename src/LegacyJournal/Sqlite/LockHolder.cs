using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>Who holds a lock file: written into it while it is held.</summary>
/// <param name="ProcessStart">Of the process, in clock ticks since boot: a process id alone may have been given to another process.</param>
/// <param name="Hold">Counts the holds of this process: a record that stays equal is one and the same hold.</param>
internal sealed record LockHolder(int ProcessId, long ProcessStart, Incarnation Incarnation, long Hold)
{
    /// <summary>Records have one length, so that a shorter one leaves nothing of a longer one behind.</summary>
    public const int Length = 128;

    private static readonly long OwnStart = StartOf(Environment.ProcessId) ?? 0;

    public static LockHolder Self(Incarnation incarnation, long hold) => new(Environment.ProcessId, OwnStart, incarnation, hold);

    /// <summary>True while the very process is alive, stopped ones included.</summary>
    public bool IsAlive => StartOf(ProcessId) == ProcessStart;

    public static LockHolder? Parse(ReadOnlySpan<byte> record)
    {
        var parts = Encoding.ASCII.GetString(record).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 4
            && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var processId)
            && long.TryParse(parts[1], CultureInfo.InvariantCulture, out var start)
            && Guid.TryParse(parts[2], out var incarnation)
            && long.TryParse(parts[3], CultureInfo.InvariantCulture, out var hold)
                ? new LockHolder(processId, start, new Incarnation(incarnation), hold)
                : null;
    }

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{ProcessId} {ProcessStart} {Incarnation} {Hold}").PadRight(Length));

    /// <summary>SIGKILL: nothing less ends a stopped process.</summary>
    public void End()
    {
        try
        {
            using var process = Process.GetProcessById(ProcessId);
            if (IsAlive)
            {
                process.Kill();
            }
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It ended by itself, or belongs to another user: then whoever waits goes on waiting, and its message names the process.
        }
    }

    private static long? StartOf(int processId)
    {
        try
        {
            // The second field is the program's name in brackets and may hold anything; the start is the 22nd field.
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
