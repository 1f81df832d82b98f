namespace AkkaScale.Journal.Writing;

/// <summary>Nothing was written: the database did not answer, time and again, and each time had not written it.</summary>
public sealed class WriteInDoubtException(string message) : Exception(message);
