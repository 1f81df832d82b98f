namespace AkkaScale.Management.Facts;

/// <summary>
/// Nothing can be told or ordered at the moment: the store does not answer, or this node is no member. Of an order it is not known whether
/// it was taken; the message says what to look at.
/// </summary>
internal sealed class FactsUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
