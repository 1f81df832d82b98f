using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>One lock file, held by flock(2): the kernel drops it when the process ends, however it ends.</summary>
/// <remarks>The framework's own file opening also uses flock, which would answer "in use"; hence the system calls.</remarks>
internal sealed partial class LockFile : IDisposable
{
    private const int OpenReadWriteCreate = 0x2 | 0x40 | 0x80000; // O_RDWR | O_CREAT | O_CLOEXEC: no child keeps it locked.
    private const int Exclusive = 2;
    private const int ExclusiveNow = 2 | 4;
    private const int Unlock = 8;
    private const int Interrupted = 4;

    private static readonly byte[] Free = [.. Enumerable.Repeat((byte)' ', LockHolder.Length)];

    private readonly SafeFileHandle _file;

    public LockFile(string path)
    {
        var descriptor = Open(path, OpenReadWriteCreate, 0x1B0);
        if (descriptor < 0)
        {
            throw new IOException($"The lock file {path} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        _file = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Waits in the kernel for as long as it takes.</summary>
    public void Acquire(LockHolder holder)
    {
        while (Flock(_file, Exclusive) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw new IOException($"flock failed: {Marshal.GetLastPInvokeErrorMessage()}.");
            }
        }

        RandomAccess.Write(_file, holder.ToBytes(), 0);
    }

    public void Release()
    {
        // The record goes first: a name that no longer holds the lock must never be found in it while somebody else does.
        RandomAccess.Write(_file, Free, 0);
        Flock(_file, Unlock);
    }

    /// <summary>The record of the present holder; null when nobody holds it or the holder has not yet written its name.</summary>
    public LockHolder? ReadHolder()
    {
        Span<byte> record = stackalloc byte[LockHolder.Length];
        var length = RandomAccess.Read(_file, record, 0);
        return LockHolder.Parse(record[..length]);
    }

    /// <summary>True when the lock could be had at this moment. To be called on an object that does not hold it.</summary>
    public bool IsFree()
    {
        if (Flock(_file, ExclusiveNow) != 0)
        {
            return false;
        }

        Flock(_file, Unlock);
        return true;
    }

    /// <summary>The process that has the lock, from the kernel's own list; null when nobody has it or the list cannot be read.</summary>
    public int? OwnerProcessId()
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

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);
}
