namespace AkkaScale.Management.Console;

/// <param name="Tag">Changes with the content.</param>
internal sealed record ConsoleFile(byte[] Content, string ContentType, string Tag);
