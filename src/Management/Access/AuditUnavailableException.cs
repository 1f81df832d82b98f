namespace AkkaScale.Management.Access;

/// <summary>The audit log takes no entry.</summary>
internal sealed class AuditUnavailableException(string message, Exception inner) : Exception(message, inner);
