namespace AkkaScale.Hosting.Transfers;

/// <summary>A file is no export, or not a whole one; the message says where.</summary>
internal sealed class ExportException(string message) : Exception(message);
