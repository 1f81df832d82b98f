namespace AkkaScale.Domain;

/// <summary>A command that one entity sends to another because of an event: delivered at least once and taken once, in order per receiver.</summary>
/// <param name="Kind">Of the receiver.</param>
/// <param name="Command">A command of that kind.</param>
public sealed record Message(string Kind, string Id, object Command);
