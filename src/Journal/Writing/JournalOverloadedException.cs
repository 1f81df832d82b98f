namespace AkkaScale.Journal.Writing;

/// <summary>Nothing was written: as much waits to be written as may.</summary>
public sealed class JournalOverloadedException(string message) : Exception(message);
