using AkkaScale.Pbm.Load.Model;

namespace AkkaScale.Pbm.Load.Replay;

/// <summary>
/// Entities with something to send, the one whose next command stands earliest in the trace first. That keeps the
/// replay close to trace order and never waits behind a busy entity. Whoever takes a chain owns it until it is returned.
/// </summary>
internal sealed class ChainQueue
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<EntityChain, int> _ready = new();

    public ChainQueue(IEnumerable<EntityChain> chains)
    {
        foreach (var chain in chains)
        {
            Return(chain);
        }
    }

    public void Return(EntityChain chain)
    {
        if (chain.Left == 0)
        {
            return;
        }

        lock (_lock)
        {
            _ready.Enqueue(chain, chain.Next.Line);
        }
    }

    public bool TryTake(out EntityChain chain)
    {
        lock (_lock)
        {
            return _ready.TryDequeue(out chain!, out _);
        }
    }
}
