using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>
/// Lets SQLite sleep for as long as it means to. The bundled library is built without usleep and rounds every wait up to whole seconds: two
/// processes that met in the write-ahead log's index stopped all writers for one or two seconds, where a millisecond was meant.
/// </summary>
/// <remarks>
/// A copy of the default file system layer (sqlite3_vfs, whose layout is part of SQLite's public interface) with another xSleep is
/// registered as the new default. Elsewhere than on 64-bit Linux nothing is changed: there a single process uses the store.
/// </remarks>
internal static unsafe partial class PreciseSleep
{
    // Eight-byte fields behind three ints and their padding: next, name, data, then the functions; xSleep is the tenth of them.
    private const int SleepOffset = 112;
    private const int StructBytes = 168;

    private static bool _isInstalled;

    /// <summary>Call before the first connection is opened. Not thread-safe: from a static constructor.</summary>
    public static void Install()
    {
        if (_isInstalled || !OperatingSystem.IsLinux() || sizeof(nint) != 8 || Find(0) is not (not 0 and var present))
        {
            return;
        }

        _isInstalled = true;
        var precise = (byte*)NativeMemory.AllocZeroed(StructBytes);
        NativeMemory.Copy((void*)present, precise, StructBytes);
        *(delegate* unmanaged[Cdecl]<nint, int, int>*)(precise + SleepOffset) = &Sleep;
        if (Register((nint)precise, makeDefault: 1) != 0)
        {
            NativeMemory.Free(precise);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sleep(nint vfs, int microseconds)
    {
        USleep((uint)microseconds);
        return microseconds;
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find")]
    private static partial nint Find(nint name);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    private static partial int Register(nint vfs, int makeDefault);

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int USleep(uint microseconds);
}
