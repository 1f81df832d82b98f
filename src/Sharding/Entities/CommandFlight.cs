using AkkaScale.Entities;
using AkkaScale.Sharding.Events;

namespace AkkaScale.Sharding.Entities;

/// <summary>A command between its arrival and its durable answer; copies of it wait here for the same answer.</summary>
internal sealed class CommandFlight(WaitingAsk first)
{
    public WaitingAsk First { get; } = first;

    public List<WaitingAsk>? Copies { get; private set; }

    /// <summary>Null while the journal is being asked whether the command was answered before.</summary>
    public EntityReply? Reply { get; private set; }

    public StoredAnswer? Answer { get; private set; }

    public IEnumerable<WaitingAsk> All => Copies is null ? [First] : [First, .. Copies];

    public void AddCopy(WaitingAsk copy) => (Copies ??= []).Add(copy);

    public void Decide(EntityReply reply, StoredAnswer answer) => (Reply, Answer) = (reply, answer);
}
