namespace AkkaScale.Tests.Cluster.Storage;

/// <summary>What the other process does after its registration.</summary>
public enum HeldThing
{
    /// <summary>Only its own session lock.</summary>
    Nothing,

    /// <summary>Is inside a write transaction of the members' file.</summary>
    Members,

    /// <summary>Is inside a write transaction of the journal's file.</summary>
    Journal,

    /// <summary>Waits to write members, as the next whose turn it is, and has not got the write lock.</summary>
    Turnstile,

    /// <summary>Writes members all the time, in many short transactions.</summary>
    Busy,
}
