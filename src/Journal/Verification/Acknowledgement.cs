namespace AkkaScale.Journal.Verification;

/// <summary>An event that a caller was told to be written.</summary>
/// <param name="CommandId">Null when the caller knows none.</param>
public sealed record Acknowledgement(string PersistenceId, long SequenceNr, string? CommandId);
