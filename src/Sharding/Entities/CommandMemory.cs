using AkkaScale.Sharding.Events;

namespace AkkaScale.Sharding.Entities;

/// <summary>
/// The latest answered commands of one entity: a ring that starts empty, grows to its bound, then forgets the oldest and says
/// so by <see cref="IsTruncated"/>. A scan of at most a few hundred ids in one array costs less than a dictionary's memory.
/// </summary>
internal sealed class CommandMemory
{
    private const int InitialSize = 4;

    private RememberedCommand[] _ring = [];
    private int _next;
    private int _count;

    /// <summary>True when an answer may exist that is not remembered here.</summary>
    public bool IsTruncated { get; private set; }

    public int Count => _count;

    public void MarkTruncated() => IsTruncated = true;

    /// <summary>Oldest first.</summary>
    public RememberedCommand[] ToArray()
    {
        var commands = new RememberedCommand[_count];
        var oldest = _count == _ring.Length ? _next : 0;
        for (var index = 0; index < _count; index++)
        {
            commands[index] = _ring[(oldest + index) % _ring.Length];
        }

        return commands;
    }

    public bool TryFind(Guid commandId, out RememberedCommand remembered)
    {
        for (var index = 0; index < _count; index++)
        {
            if (_ring[index].CommandId == commandId)
            {
                remembered = _ring[index];
                return true;
            }
        }

        remembered = default;
        return false;
    }

    public void Add(in RememberedCommand command, int bound)
    {
        if (_count == _ring.Length && _count < bound)
        {
            // Until the ring is full for the first time the oldest stands at index 0, so growing keeps the order.
            Array.Resize(ref _ring, Math.Min(bound, Math.Max(InitialSize, _ring.Length * 2)));
            _next = _count;
        }

        if (_count == _ring.Length)
        {
            IsTruncated = true;
        }
        else
        {
            _count++;
        }

        _ring[_next] = command;
        _next = (_next + 1) % _ring.Length;
    }
}
