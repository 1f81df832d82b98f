using AkkaScale.Sharding.Stuck;

namespace AkkaScale.Management.Doctor;

/// <summary>Entities that do not let go of a message.</summary>
internal static class StuckEntityRules
{
    public static IEnumerable<Finding> Judge(DoctorFacts facts) =>
        facts.Sight.Stuck.OrderByDescending(entity => entity.For).ThenBy(entity => entity.Id, StringComparer.Ordinal).Select(entity => Of(facts, entity));

    private static Finding Of(DoctorFacts facts, StuckEntity entity)
    {
        var node = facts.Sight.At(entity.Node)?.Name ?? entity.Node;
        return new Finding(
            "entities/stuck", Severity.Warning, $"{entity.Region}/{entity.Id} does not let go of a message",
            $"{entity.Word}; it is on {node}.",
            FormattableString.Invariant(
                $"It answers nobody, and its shard {entity.Region}/{entity.Shard} cannot be moved or drained. The shard's other entities go on."),
            $"Find what the entity waits for in its code. If it does not end: pbm cluster leave {node}, which ends the process, or else end it by a signal.");
    }
}
