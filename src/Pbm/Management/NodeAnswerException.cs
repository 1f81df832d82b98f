namespace AkkaScale.Pbm.Management;

/// <summary>No node answered, or not with an answer of the management API; the message names who was asked.</summary>
public sealed class NodeUnreachableException(string message) : Exception(message);

/// <summary>A node answered that it does not accept the request: a kind that does not exist, an id that cannot be.</summary>
public sealed class NodeRefusedException(string message) : Exception(message);
