using Akka.Actor;

namespace AkkaScale.Sharding.Messages;

/// <summary>
/// Asks an entity of this process for <see cref="EntityLook"/>, for people and tools. It wakes nobody: it is told to those in memory.
/// </summary>
internal sealed class LookAtEntity : INoSerializationVerificationNeeded
{
    private LookAtEntity()
    {
    }

    public static LookAtEntity Instance { get; } = new();
}

/// <summary>What an entity has in memory.</summary>
/// <param name="Version">Of the last durable event.</param>
/// <param name="State">
/// JSON as snapshots have it, at <paramref name="Version"/>; null while a write is under way, and without events.
/// </param>
/// <param name="Unanswered">Commands and reads that wait for an answer.</param>
internal sealed record EntityLook(long Version, byte[]? State, int Unanswered) : INoSerializationVerificationNeeded;
