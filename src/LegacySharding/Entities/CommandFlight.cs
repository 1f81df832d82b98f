using AkkaScale.Entities;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.LegacySharding.Entities;

/// <summary>A command between its arrival and its durable answer; copies of it wait here for the same answer.</summary>
internal sealed class CommandFlight(ShardInput.Ask first)
{
    public ShardInput.Ask First { get; } = first;

    public List<ShardInput.Ask>? Copies { get; private set; }

    /// <summary>Null while the journal is being asked whether the command was answered before.</summary>
    public EntityReply? Reply { get; set; }

    public StoredAnswer? Answer { get; set; }

    public void AddCopy(ShardInput.Ask copy) => (Copies ??= []).Add(copy);

    public int Count => 1 + (Copies?.Count ?? 0);
}
