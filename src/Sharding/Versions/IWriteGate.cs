namespace AkkaScale.Sharding.Versions;

/// <summary>
/// Whether an event type may be written now: only once it is registered, which needs that every live member reads it. Asked on a shard's turn for
/// every event, so it looks at what is known, never waits, and does what it takes to know more behind the caller's back.
/// </summary>
public interface IWriteGate
{
    WritePermission Look(string kind, string eventType);
}

public enum WriteVerdict
{
    Granted,

    /// <summary>Being registered: ask again soon.</summary>
    Pending,

    /// <summary>A live member does not read it. It is asked for again from time to time, so that this ends by itself.</summary>
    HeldBack,
}

/// <param name="Detail">For people; empty when granted.</param>
public readonly record struct WritePermission(WriteVerdict Verdict, string Detail)
{
    public static WritePermission Granted => default;
}
