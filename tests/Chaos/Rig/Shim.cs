using System.IO.MemoryMappedFiles;
using AkkaScale.TestKit;

namespace AkkaScale.Tests.Chaos.Rig;

/// <summary>
/// The library that stands between processes and their C library (<c>chaos_shim.c</c>), built with the machine's compiler. Each process that is
/// started through it has a control of its own.
/// </summary>
internal sealed class Shim(string library, string directory)
{
    private static readonly TimeSpan CompileBound = TimeSpan.FromSeconds(60);

    private int _controls;

    /// <returns>Null and the reason where no C compiler is installed.</returns>
    public static async Task<(Shim? Shim, string? WhyNot)> BuildAsync(string directory)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "Rig", "chaos_shim.c");
        var library = Path.Combine(directory, "chaos_shim.so");
        try
        {
            await HostCommand.RunAsync(CompileBound, "cc", "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl");
            return (new Shim(library, directory), null);
        }
        catch (SpecFailedException missing)
        {
            return (null, $"wall clocks and fsync are left alone, for want of a C compiler: {missing.Message}");
        }
    }

    public ShimControl Control() => new(library, Path.Combine(directory, $"control-{Interlocked.Increment(ref _controls)}"));
}

/// <summary>What one process, and those it forks, are told.</summary>
internal sealed class ShimControl : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly string _library;
    private readonly string _path;

    internal ShimControl(string library, string path)
    {
        (_library, _path) = (library, path);
        File.WriteAllBytes(path, new byte[4 * sizeof(long)]);
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>Precedes a command that is to run under it.</summary>
    public IReadOnlyList<string> Entering => ["env", $"LD_PRELOAD={_library}", $"AKKASCALE_CHAOS_CONTROL={_path}"];

    public TimeSpan WallOffset
    {
        set => _view.Write(0, (long)(value.TotalMilliseconds * 1e6));
    }

    public TimeSpan FsyncDelay
    {
        set => _view.Write(sizeof(long), (long)(value.TotalMilliseconds * 1e3));
    }

    /// <summary>Wall clock readings that were changed.</summary>
    public long ClockReads => _view.ReadInt64(2 * sizeof(long));

    public long SlowFsyncs => _view.ReadInt64(3 * sizeof(long));

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
