using Akka.Actor;

namespace AkkaScale.Sharding.Messages;

/// <summary>
/// Tells an entity of this process to leave memory if nothing of it is under way. A sender gets <see cref="EntityPassivation"/>.
/// </summary>
internal sealed class PassivateEntity : INoSerializationVerificationNeeded
{
    private PassivateEntity()
    {
    }

    public static PassivateEntity Instance { get; } = new();
}

/// <param name="Accepted">False: something is under way, the entity stays.</param>
internal sealed record EntityPassivation(bool Accepted) : INoSerializationVerificationNeeded;
