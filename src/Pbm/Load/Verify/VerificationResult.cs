namespace AkkaScale.Pbm.Load.Verify;

/// <summary>The accounts of a read-back. Mismatches are counted, the first few kept.</summary>
public sealed class VerificationResult
{
    public const int MismatchesKept = 20;

    private readonly Lock _lock = new();
    private readonly List<Mismatch> _first = [];
    private long _entities;
    private long _comments;

    public long Entities => Interlocked.Read(ref _entities);

    public long Comments => Interlocked.Read(ref _comments);

    public long Mismatches { get; private set; }

    /// <summary>Entities that could not be read; each is a mismatch too.</summary>
    public long Unreadable { get; private set; }

    public IReadOnlyList<Mismatch> FirstMismatches => _first;

    public TimeSpan Duration { get; internal set; }

    internal void CountEntity() => Interlocked.Increment(ref _entities);

    internal void CountComments(int comments) => Interlocked.Add(ref _comments, comments);

    internal void Add(string entity, string field, string? expected, string? actual)
    {
        lock (_lock)
        {
            Mismatches++;
            Unreadable += field == "read" ? 1 : 0;
            if (_first.Count < MismatchesKept)
            {
                _first.Add(new Mismatch(entity, field, expected ?? "null", actual ?? "null"));
            }
        }
    }
}
