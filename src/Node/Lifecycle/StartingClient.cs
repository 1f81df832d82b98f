using AkkaScale.Entities;
using AkkaScale.Sharding;

namespace AkkaScale.Node.Lifecycle;

/// <summary>Asks entities as soon as the system has started; until then callers wait, as long as they said they would.</summary>
internal sealed class StartingClient(NodeSystem node, TimeProvider time) : IEntityClient
{
    public ValueTask<EntityReply> AskAsync(EntityCommand command, CancellationToken cancellationToken) =>
        node.Started.IsCompletedSuccessfully
            ? EntitySharding.For(node.Started.Result).Client.AskAsync(command, cancellationToken)
            : WaitAsync(command, cancellationToken);

    private async ValueTask<EntityReply> WaitAsync(EntityCommand command, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        try
        {
            var system = await node.Started.WaitAsync(command.Timeout, time, cancellationToken);
            var left = command.Timeout - time.GetElapsedTime(began);
            return left <= TimeSpan.Zero ? NotYet() : await EntitySharding.For(system).Client.AskAsync(command with { Timeout = left }, cancellationToken);
        }
        catch (TimeoutException)
        {
            return NotYet();
        }
    }

    private static EntityReply NotYet() => new(
        ReplyStatus.ShardUnavailable, "shard/unavailable", "This node is starting and has not reached its cluster yet.", -1, false, false, null);
}
