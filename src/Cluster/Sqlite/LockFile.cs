using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AkkaScale.Cluster.Sqlite;

/// <summary>One lock file, held by flock(2): the kernel drops it when the process ends, however it ends.</summary>
/// <remarks>The framework's own file opening also uses flock, which would answer "in use"; hence the system calls.</remarks>
internal sealed partial class LockFile : IDisposable
{
    private const int OpenReadWrite = 0x2 | 0x80000; // O_RDWR | O_CLOEXEC: no child keeps it locked.
    private const int Create = 0x40;
    private const int OwnerAndGroup = 0x1B0;
    private const int Shared = 1;
    private const int Exclusive = 2;
    private const int Now = 4;
    private const int Unlock = 8;
    private const int NotThere = 2;
    private const int Interrupted = 4;
    private const int Held = 11;

    private static long _holds;

    private readonly string _path;
    private readonly SafeFileHandle _file;

    public LockFile(string path)
        : this(path, Open(path, OpenReadWrite | Create, OwnerAndGroup))
    {
    }

    private LockFile(string path, int descriptor)
    {
        if (descriptor < 0)
        {
            throw new IOException($"The lock file {path} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        (_path, _file) = (Path.GetFullPath(path), new SafeFileHandle(descriptor, ownsHandle: true));
    }

    /// <summary>Whether somebody holds the lock at this moment, in this process or another. False where there is no file.</summary>
    /// <remarks>
    /// By a shared lock that is given back at once: two who look at one moment do not take each other for the holder, who has it exclusively.
    /// </remarks>
    public static bool IsHeld(string path)
    {
        var descriptor = Open(path, OpenReadWrite, 0);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == NotThere)
        {
            return false;
        }

        using var file = new LockFile(path, descriptor);
        return !file.Try(Shared);
    }

    /// <summary>Waits in the kernel for as long as it takes.</summary>
    public void Acquire()
    {
        while (Flock(_file, Exclusive) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw Failed();
            }
        }

        CountHold();
    }

    public bool TryAcquire()
    {
        if (!Try(Exclusive))
        {
            return false;
        }

        CountHold();
        return true;
    }

    public void Release() => _ = Flock(_file, Unlock);

    /// <summary>
    /// Who holds it, another process only, and the number of its hold; null when nobody does or it cannot be told. A hold whose number could
    /// not be written yet is seen by the number before.
    /// </summary>
    public (HostProcess Process, long Hold)? Holder()
    {
        if (OwnerProcessId() is { } id && id != Environment.ProcessId && HostProcess.Find(id) is { } process && process.HasOpen(_path))
        {
            Span<byte> number = stackalloc byte[sizeof(long)];
            return RandomAccess.Read(_file, number, 0) == number.Length ? (process, BinaryPrimitives.ReadInt64LittleEndian(number)) : (process, 0);
        }

        return null;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>By its number others can tell one long hold from many short ones. The kernel tells whose it is.</summary>
    private void CountHold()
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, Interlocked.Increment(ref _holds));
        RandomAccess.Write(_file, number, 0);
    }

    private bool Try(int kind)
    {
        while (Flock(_file, kind | Now) != 0)
        {
            switch (Marshal.GetLastPInvokeError())
            {
                case Held:
                    return false;
                case Interrupted:
                    break;
                default:
                    throw Failed();
            }
        }

        return true;
    }

    private int? OwnerProcessId()
    {
        try
        {
            var inode = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{_file.DangerousGetHandle()}"))
                .FirstOrDefault(line => line.StartsWith("ino:", StringComparison.Ordinal))?[4..].Trim();

            // "7: FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF"; those who wait have an arrow behind the number.
            return inode is null ? null : File.ReadLines("/proc/locks")
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields.Length > 5 && fields[1] == "FLOCK" && fields[5].EndsWith($":{inode}", StringComparison.Ordinal))
                .Select(fields => int.TryParse(fields[4], CultureInfo.InvariantCulture, out var owner) && owner > 0 ? owner : (int?)null)
                .FirstOrDefault();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private IOException Failed() => new($"flock of {_path} failed: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);
}
