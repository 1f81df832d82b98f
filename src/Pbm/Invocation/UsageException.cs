namespace AkkaScale.Pbm.Invocation;

/// <summary>What was given on the command line or in a file is not acceptable; the message says what is.</summary>
internal sealed class UsageException(string message) : Exception(message);
