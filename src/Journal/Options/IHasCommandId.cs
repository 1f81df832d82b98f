namespace AkkaScale.Journal.Options;

/// <summary>
/// An event, or its envelope, that answers a command: the id goes into a column of the row, where it is unique per entity. Of several
/// events that are persisted together for one command, the last has it.
/// </summary>
public interface IHasCommandId
{
    /// <summary>Null when the event answers no command.</summary>
    string? CommandId { get; }
}
