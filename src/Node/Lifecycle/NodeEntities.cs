using AkkaScale.Entities;
using AkkaScale.Sharding;

namespace AkkaScale.Node.Lifecycle;

/// <summary>Asks entities by way of this node's actor system, which is there before the gateway opens.</summary>
internal sealed class NodeEntities(NodeSystem node) : IEntityClient
{
    public ValueTask<EntityReply> AskAsync(EntityCommand command, CancellationToken cancellationToken) => node.Running is { } system
        ? EntitySharding.For(system).Client.AskAsync(command, cancellationToken)
        : ValueTask.FromResult(new EntityReply(
            ReplyStatus.ShardUnavailable, "shard/unavailable", "This node is not a member of its cluster.", -1, false, false, null));
}
