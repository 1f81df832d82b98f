using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;

namespace AkkaScale.LegacySharding.Shards;

/// <summary>Confirmed reads of one shard that are decided and durable, and wait for the store's word that the shard is still this owner's.</summary>
internal sealed class ConfirmationState
{
    /// <summary>Of the query asked for last; 0 if none ever was.</summary>
    public long Batch { get; set; }

    /// <summary>Reads that the query under way confirms: they were here before it was asked for. Empty: none is under way.</summary>
    public List<WaitingRead> Asked { get; set; } = [];

    /// <summary>Reads that came after it; the next query is theirs.</summary>
    public List<WaitingRead> Next { get; set; } = [];

    public int Count => Asked.Count + Next.Count;

    internal readonly record struct WaitingRead(EntityState Entity, ShardInput.Ask Ask, EntityReply Reply);
}
