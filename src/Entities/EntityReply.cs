using System.Buffers;

namespace AkkaScale.Entities;

public enum ReplyStatus : byte
{
    /// <summary>Done, durable; or, for a read, answered.</summary>
    Accepted = 0,

    /// <summary>Accepted, and nothing had to change.</summary>
    Unchanged = 1,

    /// <summary>A rule of the entity said no; <see cref="EntityReply.Code"/> tells which.</summary>
    Refused = 2,

    /// <summary>The expected version is not the entity's: code version/mismatch.</summary>
    VersionMismatch = 3,

    /// <summary>The command id was used for another command: code idempotency/payload-differs.</summary>
    PayloadDiffers = 4,

    /// <summary>A bounded queue was full before the command was accepted; no effect. Code overloaded.</summary>
    Overloaded = 5,

    /// <summary>The shard was not reachable before the deadline, and nothing was sent that might take effect. Code shard/unavailable.</summary>
    ShardUnavailable = 6,

    /// <summary>The store definitely did not take the write; no effect. Code store/unavailable.</summary>
    StoreUnavailable = 7,

    /// <summary>The deadline passed and the outcome is unknown: repeat with the same id. Code deadline.</summary>
    DeadlineExceeded = 8,
}

/// <summary>The answer to an <see cref="EntityCommand"/>.</summary>
/// <param name="Code">Empty when accepted or unchanged; else a stable code.</param>
/// <param name="Detail">A sentence for people; may be empty.</param>
/// <param name="Version">The entity's sequence number at the answer; 0 if it has no event, −1 if no entity answered.</param>
/// <param name="Created">The command made the entity's first event.</param>
/// <param name="Replayed">An earlier answer repeated.</param>
/// <param name="Body">The entity's state at <paramref name="Version"/> as the kind writes it; null for refusals and for replays of another version.</param>
public sealed record EntityReply(
    ReplyStatus Status,
    string Code,
    string Detail,
    long Version,
    bool Created,
    bool Replayed,
    IReplyBody? Body)
{
    public bool IsSuccess => Status is ReplyStatus.Accepted or ReplyStatus.Unchanged;
}

/// <summary>State in the form the kind shows it, serialised when and where it is needed.</summary>
public interface IReplyBody
{
    /// <summary>Writes one JSON value.</summary>
    void WriteTo(IBufferWriter<byte> output);
}
