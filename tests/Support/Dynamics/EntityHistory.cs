using System.Collections.Concurrent;

namespace AkkaScale.Tests.Support.Dynamics;

/// <summary>
/// What clients have seen of one entity, checked as it happens. Versions tell nearly everything: a write that was acknowledged at version v
/// happened after every operation whose answer had been given before it was asked, so v is above all those versions; a read shows at
/// least the highest of them; no two commands were acknowledged at one version.
/// </summary>
public sealed class EntityHistory(string id, ConcurrentQueue<string> violations)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, string> _writes = [];
    private long _seen;

    public string Id { get; } = id;

    /// <summary>The highest version anybody was shown so far; to be taken right before an operation is sent first.</summary>
    public long Seen
    {
        get
        {
            lock (_lock)
            {
                return _seen;
            }
        }
    }

    /// <summary>Acknowledged writes by version.</summary>
    public IReadOnlyDictionary<long, string> Writes => _writes;

    /// <param name="seenBefore"><see cref="Seen"/> at the invocation.</param>
    public void Wrote(string command, long version, long seenBefore)
    {
        lock (_lock)
        {
            if (version <= seenBefore)
            {
                violations.Enqueue($"{Id}: {command} was acknowledged at version {version} although version {seenBefore} had been seen before it was sent");
            }

            if (!_writes.TryAdd(version, command))
            {
                violations.Enqueue($"{Id}: {command} and {_writes[version]} were both acknowledged at version {version}");
            }

            _seen = Math.Max(_seen, version);
        }
    }

    public void Read(long version, long seenBefore)
    {
        lock (_lock)
        {
            if (version < seenBefore)
            {
                violations.Enqueue($"{Id}: a read showed version {version} although version {seenBefore} had been seen before it was sent");
            }

            _seen = Math.Max(_seen, version);
        }
    }
}
