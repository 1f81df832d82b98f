namespace AkkaScale.Tests.Verdict;

/// <summary>What a client knows of its operation. The first three are answers of the entity; after the others the outcome of a write is unknown.</summary>
public enum OperationStatus
{
    /// <summary>A read's answer; or a command's, whose events stand in the journal.</summary>
    Ok,

    /// <summary>Said no, by a rule. Never takes effect.</summary>
    Refused,

    /// <summary>There was nothing to change.</summary>
    Unchanged,

    Error,
    Timeout,
    Unavailable,
}
