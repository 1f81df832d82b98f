using AkkaScale.Sharding.Ports;

namespace AkkaScale.Sharding.Outbox;

/// <summary>One delivery under way.</summary>
/// <param name="Message">For a close: sender, receiver and the last number, without a command.</param>
internal sealed record OutboxSend(OutboxMessage Message, bool IsClose);
