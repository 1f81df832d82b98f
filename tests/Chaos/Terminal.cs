namespace AkkaScale.Tests.Chaos;

/// <summary>Where a run says how it goes: a line for each thing that happens, and on a terminal a last line that says where it is.</summary>
/// <param name="isSilent">Says nothing at all.</param>
/// <param name="write">Where lines go; null: the console.</param>
internal sealed class Terminal(bool isSilent, Action<string>? write = null) : IDisposable
{
    private static readonly string Blank = "\r" + new string(' ', 100) + "\r";

    private readonly Lock _lock = new();
    private readonly bool _isLive = !isSilent && write is null && !Console.IsOutputRedirected;
    private bool _hasStatus;

    /// <summary>Something happened.</summary>
    public void Tell(string line)
    {
        if (isSilent)
        {
            return;
        }

        lock (_lock)
        {
            Clear();
            (write ?? Console.WriteLine)(line);
        }
    }

    /// <summary>Where it is; replaces what was said so before.</summary>
    public void Status(string line)
    {
        if (!_isLive)
        {
            return;
        }

        lock (_lock)
        {
            Console.Write($"\r{line,-100}");
            _hasStatus = true;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            Clear();
        }
    }

    private void Clear()
    {
        if (_hasStatus)
        {
            Console.Write(Blank);
            _hasStatus = false;
        }
    }
}
