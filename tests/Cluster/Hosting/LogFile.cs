namespace AkkaScale.Tests.Cluster.Hosting;

/// <summary>A node's log: all of it in a file, its last lines at hand for the message of a test that fails.</summary>
internal sealed class LogFile(string path) : IDisposable
{
    private const int Kept = 1_000;

    private readonly Lock _lock = new();
    private readonly Queue<string> _tail = new();
    private StreamWriter? _writer;
    private bool _disposed;

    /// <summary>Where logs of this run lie; one folder a test.</summary>
    public static string DirectoryOf(string test)
    {
        var root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "AkkaScale.sln")))
        {
            root = Path.GetDirectoryName(root);
        }

        var directory = Path.Combine(root ?? Path.GetTempPath(), ".run", "test-logs", "cluster", test);
        Directory.CreateDirectory(directory);
        return directory;
    }

    public void Write(string line)
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _writer ??= new StreamWriter(path, append: true) { AutoFlush = true };
            _writer.WriteLine(line);
            _tail.Enqueue(line);
            if (_tail.Count > Kept)
            {
                _tail.Dequeue();
            }
        }
    }

    public IReadOnlyList<string> Tail(int lines)
    {
        lock (_lock)
        {
            return [.. _tail.TakeLast(lines)];
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _writer?.Dispose();
        }
    }
}
