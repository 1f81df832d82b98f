using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;

namespace AkkaScale.Sharding.Versions;

/// <summary>Brings a decision to the versions that may be written.</summary>
internal static class EventVersions
{
    public const string HeldBackCode = "event/held-back";

    /// <summary>
    /// Granted: <paramref name="decision"/> may be written, perhaps in an older form of its events. Pending: decide anew a little later. Held back:
    /// there is no form that everybody reads.
    /// </summary>
    public static WritePermission Settle(
        IWriteGate gate, IEntityKind kind, object state, object command, in CommandContext context, ref EntityDecision decision)
    {
        var worst = Worst(gate, kind.Name, decision.Events);
        if (worst.Verdict != WriteVerdict.HeldBack)
        {
            return worst;
        }

        if (kind.DecideOlder(state, command, context, type => gate.Look(kind.Name, type).Verdict != WriteVerdict.HeldBack) is not { } older)
        {
            return worst;
        }

        decision = older;
        return Worst(gate, kind.Name, older.Events);
    }

    private static WritePermission Worst(IWriteGate gate, string kind, IReadOnlyList<EncodedEvent> events)
    {
        var worst = WritePermission.Granted;
        for (var index = 0; index < events.Count; index++)
        {
            var permission = gate.Look(kind, events[index].EventType);
            worst = permission.Verdict > worst.Verdict ? permission : worst;
        }

        return worst;
    }
}
