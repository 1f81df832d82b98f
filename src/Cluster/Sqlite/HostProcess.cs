using System.Globalization;
using System.Runtime.InteropServices;
using AkkaScale.Cluster.Members;

namespace AkkaScale.Cluster.Sqlite;

/// <summary>A process of this host. Its id alone may be another's later; with its start it names one process.</summary>
/// <param name="Start">Clock ticks since boot.</param>
internal sealed partial record HostProcess(int Id, long Start)
{
    private const int Kill = 9;

    /// <summary>Tells hosts, boots and containers apart: only within one of them do process ids and starts mean anything.</summary>
    public static string Host { get; } = ReadHost();

    /// <summary>True for one that SIGSTOP or a debugger stopped.</summary>
    public bool IsStopped => ProcessStat.Read(Id) is (var start, 'T' or 't') && start == Start;

    private bool IsAlive => ProcessStat.Read(Id) is (var start, not ('Z' or 'X')) && start == Start;

    /// <summary>Null when there is none.</summary>
    public static HostProcess? Find(int id) => ProcessStat.Read(id) is { } status ? new HostProcess(id, status.Start) : null;

    /// <summary>Whether it has this file open, as far as this user may know.</summary>
    public bool HasOpen(string path)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{Id}/fd"))
                .Any(entry => File.ResolveLinkTarget(entry, returnFinalTarget: false)?.FullName == path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>SIGKILL: nothing less ends a stopped process. Never this one.</summary>
    /// <returns>True when it was sent.</returns>
    public bool End() => Id != Environment.ProcessId && Id > 1 && IsAlive && Signal(Id, Kill) == 0;

    private static string ReadHost()
    {
        const string bootId = "/proc/sys/kernel/random/boot_id";
        const string processes = "/proc/self/ns/pid";
        return File.Exists(bootId)
            ? $"{File.ReadAllText(bootId).Trim()} {new FileInfo(processes).LinkTarget}"
            : Environment.MachineName;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
