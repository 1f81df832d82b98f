namespace AkkaScale.Gateway.Answers;

/// <summary>The client does not take its answer; the connection is to be closed.</summary>
internal sealed class SlowReaderException() : Exception("The client does not take its answer.");
