using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AkkaScale.Journal.Sqlite;

/// <summary>One lock file, held by flock(2): the kernel drops it when the process ends, however it ends.</summary>
/// <remarks>The framework's own file opening also uses flock, which would answer "in use"; hence the system calls.</remarks>
internal sealed partial class LockFile : IDisposable
{
    private const int OpenReadWriteCreate = 0x2 | 0x40 | 0x80000; // O_RDWR | O_CREAT | O_CLOEXEC: no child keeps it locked.
    private const int OwnerAndGroup = 0x1B0;
    private const int Exclusive = 2;
    private const int Unlock = 8;
    private const int Interrupted = 4;

    private readonly SafeFileHandle _file;

    public LockFile(string path)
    {
        var descriptor = Open(path, OpenReadWriteCreate, OwnerAndGroup);
        if (descriptor < 0)
        {
            throw new IOException($"The lock file {path} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        _file = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Waits in the kernel for as long as it takes.</summary>
    public void Acquire()
    {
        while (Flock(_file, Exclusive) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw new IOException($"flock failed: {Marshal.GetLastPInvokeErrorMessage()}.");
            }
        }
    }

    public void Release() => _ = Flock(_file, Unlock);

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);
}
