namespace AkkaScale.LegacyCluster;

/// <summary>What became of a conditional write.</summary>
public enum WriteOutcome
{
    /// <summary>Committed.</summary>
    Applied,

    /// <summary>Definitely not committed: the condition did not hold.</summary>
    Refused,

    /// <summary>A timeout, a broken connection or an uncertain commit. The writer must read before it relies on either answer.</summary>
    Unknown,
}
