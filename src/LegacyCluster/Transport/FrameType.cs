namespace AkkaScale.LegacyCluster.Transport;

/// <summary>
/// Second field of every frame. Values below 0x10 belong to the transport itself; a receiver closes a connection on an unknown one.
/// </summary>
public enum FrameType : byte
{
    Hello = 0x01,
    Challenge = 0x02,
    Proof = 0x03,
    Welcome = 0x04,
    Refusal = 0x05,
    Ping = 0x06,
    Pong = 0x07,

    /// <summary>A command or read on its way to a shard.</summary>
    Ask = 0x10,

    /// <summary>The answer to an ask, by correlation number.</summary>
    Reply = 0x11,

    /// <summary>The sender changed ownership, targets or membership: poll now.</summary>
    MapHint = 0x12,

    /// <summary>Asks for residency and load of the receiver's shards.</summary>
    RegionStatsRequest = 0x13,

    RegionStats = 0x14,

    /// <summary>0x20 to 0x2F belong to handoffs. The owner of a shard offers its target copies of what it has in memory.</summary>
    HandoffOffer = 0x20,

    /// <summary>The target takes the copies, or not, or not any longer.</summary>
    HandoffAnswer = 0x21,

    /// <summary>Some copies.</summary>
    HandoffChunk = 0x22,

    HandoffChunkAck = 0x23,

    /// <summary>Which copies are to be believed; comes in parts.</summary>
    HandoffManifest = 0x24,

    HandoffManifestAck = 0x25,

    /// <summary>The owner has given up the attempt: its copies are void.</summary>
    HandoffAbort = 0x26,

    /// <summary>What the sender's shards carried; to the coordinator only, about once a second.</summary>
    LoadReport = 0x30,

    /// <summary>Asks the coordinator what its allocation would do now.</summary>
    PlanRequest = 0x31,

    Plan = 0x32,

    /// <summary>On behalf of an operator: a topic by name and a body.</summary>
    Question = 0x40,

    QuestionAnswer = 0x41,
}
