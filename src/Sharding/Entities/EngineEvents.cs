using AkkaScale.Entities;

namespace AkkaScale.Sharding.Entities;

/// <summary>
/// Events that the engine itself writes: they have a sequence number like any, no kind reads them, and their names start with "$", as no kind's may.
/// </summary>
public static class EngineEvents
{
    /// <summary>A message was accepted that changed nothing, or that a rule refused; its origin is on the row.</summary>
    public const string Message = "$message";

    /// <summary>The sender on the row is forgotten: it closed its idle channel.</summary>
    public const string Closed = "$closed";

    internal static byte[] Payload { get; } = "{}"u8.ToArray();

    public static bool IsEngine(string eventType) => eventType.StartsWith('$');
}
