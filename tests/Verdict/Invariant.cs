namespace AkkaScale.Tests.Verdict;

/// <summary>What must hold over a run; the numbers are those of the design.</summary>
public enum Invariant
{
    /// <summary>I1: every acknowledged event is in the journal at its acknowledged version, with its command id.</summary>
    Acknowledged,

    /// <summary>I2: per entity, sequence numbers 1..n, and epochs that never decrease along them.</summary>
    Sequence,

    /// <summary>I3: each (lease, epoch) has one owner, ever; epochs of a lease only grow.</summary>
    Owner,

    /// <summary>I4: commands and reads are linearizable per entity.</summary>
    Linearizable,

    /// <summary>I5: a command id takes effect at most once, a retry gets the first answer, a refused command never takes effect.</summary>
    OnceOnly,

    /// <summary>I6: after one fault every entity answers within a bound.</summary>
    Recovery,

    /// <summary>Every fault that was injected was seen to do something: else the run proves nothing.</summary>
    EffectSeen,
}
