namespace AkkaScale.Tests.Verdict.Report;

/// <summary>What people call the invariants.</summary>
internal static class InvariantText
{
    public static (string Name, string Promise) Of(Invariant invariant) => invariant switch
    {
        Invariant.Acknowledged => ("I1 Acknowledged is durable", "Every acknowledged command stands in the journal at its version, with its command id."),
        Invariant.Sequence => ("I2 Numbers without gaps", "Along an entity, sequence numbers are 1 to n, versions count its events, and epochs never decrease."),
        Invariant.Owner => ("I3 One owner an epoch", "Every write has a lease, an epoch of a lease has one owner, and epochs only grow."),
        Invariant.Linearizable => ("I4 Linearizable", "Commands and reads of an entity agree with one order that agrees with time; what is shown is the journal's."),
        Invariant.OnceOnly => ("I5 Effect once", "A command takes effect at most once, a retry gets the first answer, what was refused never takes effect."),
        Invariant.Recovery => ("I6 Recovery within the bound", "After a fault every entity answers again in time."),
        Invariant.EffectSeen => ("Faults had an effect", "Every injected fault was seen to do something."),
        _ => throw new ArgumentOutOfRangeException(nameof(invariant), invariant, "Unknown invariant."),
    };
}
