using System.Globalization;

namespace AkkaScale.Management.Figures;

/// <summary>How many files and connections this process may have open.</summary>
public static class OpenFiles
{
    /// <summary>Store, journal, peers, and what the runtime itself opens.</summary>
    public const int Reserve = 512;

    /// <summary>The hard limit, which the runtime has raised the soft one to at start; null where the system does not say.</summary>
    public static long? Limit()
    {
        const string File = "/proc/self/limits";
        try
        {
            return System.IO.File.Exists(File) ? Parse(System.IO.File.ReadAllText(File)) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>How many are open now; null where the system does not say.</summary>
    public static int? Count()
    {
        const string Descriptors = "/proc/self/fd";
        try
        {
            // The listing itself has one open.
            return Directory.Exists(Descriptors) ? Directory.EnumerateFileSystemEntries(Descriptors).Count() - 1 : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The gateway's bound, or what is left for it when all other ports are full.</summary>
    /// <param name="others">Bounds of the other ports, in sum.</param>
    public static int Fit(int wanted, int others, long? limit) =>
        limit is { } files ? (int)Math.Clamp(files - Reserve - others, 16, wanted) : wanted;

    internal static long? Parse(string limits)
    {
        var line = limits.Split('\n').FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var columns = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return columns is [_, _, _, _, var hard, ..] && long.TryParse(hard, NumberStyles.None, CultureInfo.InvariantCulture, out var files) ? files : null;
    }
}
