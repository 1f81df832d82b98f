using AkkaScale.Cluster.Membership;

namespace AkkaScale.Cluster.Ownership;

/// <summary>A row of the registry of event types: one that was written, or is about to be.</summary>
/// <param name="EventType">Declared name, with "@version" from version 2 on.</param>
/// <param name="Since">Wall clock of the node that registered it, for people only.</param>
/// <param name="WrittenBy">Name of that node; empty if the type was in the journal before there was a registry.</param>
public sealed record WrittenEventType(string Kind, string EventType, DateTimeOffset Since, string WrittenBy)
{
    /// <summary>Why a node that reads these versions must not join, in words for an operator; null if it may.</summary>
    public static string? Objection(IEnumerable<WrittenEventType> written, ReadableVersions reads)
    {
        var unreadable = written.Where(type => !reads.ReadsEvent(type.Kind, type.EventType))
            .OrderBy(type => type.Kind, StringComparer.Ordinal).ThenBy(type => type.EventType, StringComparer.Ordinal)
            .ToArray();
        if (unreadable.Length == 0)
        {
            return null;
        }

        var first = unreadable[0];
        var by = first.WrittenBy.Length > 0 ? $", by node {first.WrittenBy}" : "";
        var rest = unreadable.Length > 1 ? $" (and {unreadable.Length - 1} more event types)" : "";
        return $"The journal holds event {first.EventType} of kind {first.Kind}, first written {first.Since:yyyy-MM-dd HH:mm:ss}Z{by}{rest}, "
            + $"which this program cannot read: start a version of the program that reads {first.Kind} event {first.EventType}.";
    }
}
