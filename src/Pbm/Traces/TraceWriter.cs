using System.IO.Compression;
using System.Text.Json;

namespace AkkaScale.Pbm.Traces;

/// <summary>Writes actions in the format that <see cref="TraceReader"/> reads.</summary>
public static class TraceWriter
{
    /// <summary>Compresses where the name ends in .gz. The bytes depend on the actions alone.</summary>
    /// <returns>How many actions were written.</returns>
    public static int WriteFile(string path, IEnumerable<TraceAction> actions)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            return Write(file, actions);
        }

        using var compressed = new GZipStream(file, CompressionLevel.Optimal);
        return Write(compressed, actions);
    }

    public static int Write(Stream stream, IEnumerable<TraceAction> actions)
    {
        var count = 0;
        using var buffered = new BufferedStream(stream, 1 << 16);
        foreach (var action in actions)
        {
            var line = new TraceLine(action.At, action.User, action.Project, action.Task, Name(action.Kind), action.Title);
            JsonSerializer.Serialize(buffered, line, TraceJson.Default.TraceLine);
            buffered.WriteByte((byte)'\n');
            count++;
        }

        return count;
    }

    private static string Name(TraceActionKind kind) => kind switch
    {
        TraceActionKind.Create => "create",
        TraceActionKind.Edit => "edit",
        TraceActionKind.Rename => "rename",
        TraceActionKind.Close => "close",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
