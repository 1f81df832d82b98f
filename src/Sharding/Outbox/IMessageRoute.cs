using AkkaScale.Sharding.Ports;

namespace AkkaScale.Sharding.Outbox;

/// <summary>One attempt to deliver a message wherever its receiver lives.</summary>
internal interface IMessageRoute
{
    /// <summary>Never throws for the cluster's sake.</summary>
    /// <exception cref="OperationCanceledException">The session ends.</exception>
    ValueTask<MessageOutcome> DeliverAsync(OutboxMessage message, bool isClose, TimeSpan timeout, CancellationToken cancellationToken);
}

/// <param name="IsDelivered">Accepted by the receiver, durably; also if a rule of it refused, or if it was accepted before.</param>
/// <param name="Code">Delivered: of the rule that refused, else empty. Not delivered: what kept it.</param>
/// <param name="Detail">A sentence for an operator; may be empty.</param>
internal readonly record struct MessageOutcome(bool IsDelivered, string Code, string Detail);
