using AkkaScale.Journal.Options;

namespace AkkaScale.Tests.Cluster.Hosting;

/// <summary>All that goes between nodes or into the journal; see <see cref="ProbeSerializer"/>.</summary>
internal interface IProbeMessage;

internal interface IProbeCommand : IProbeMessage
{
    string Entity { get; }
}

/// <summary>Has the entity persist one event, once for each command id.</summary>
internal sealed record Note(string Entity, string CommandId) : IProbeCommand;

internal sealed record Read(string Entity) : IProbeCommand;

/// <summary>The event of a command is durable.</summary>
/// <param name="Incarnation">Of the process that answered.</param>
internal sealed record Noticed(string CommandId, string Incarnation, long SequenceNr) : IProbeMessage;

/// <summary>What an entity has, in order.</summary>
internal sealed record Contents(string Incarnation, string[] CommandIds) : IProbeMessage;

/// <summary>The event.</summary>
internal sealed record Noted(string CommandId) : IProbeMessage, IHasCommandId;

/// <summary>The shard is handed off: the entity ends after the write that is under way.</summary>
internal sealed record StopEntity : IProbeMessage
{
    public static readonly StopEntity Instance = new();
}
