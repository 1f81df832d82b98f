using AkkaScale.Sharding.Versions;

namespace AkkaScale.Tests.Unit.Versions;

/// <summary>Says of each event type what the test told it; of others, that they may be written.</summary>
internal sealed class TestGate : IWriteGate
{
    public Dictionary<string, WriteVerdict> Verdicts { get; } = [];

    public WritePermission Look(string kind, string eventType) =>
        Verdicts.TryGetValue(eventType, out var verdict) ? new(verdict, $"{kind} {eventType}: {verdict}") : WritePermission.Granted;
}
