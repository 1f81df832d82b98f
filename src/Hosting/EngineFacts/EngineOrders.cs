using AkkaScale.Entities;
using AkkaScale.Hosting.Facts;
using AkkaScale.LegacySharding.Entities;

namespace AkkaScale.Hosting.EngineFacts;

/// <summary>
/// The present engine's orders: rows of the store, which members and coordinator follow, but for an entity's owner, who is asked.
/// </summary>
internal sealed class EngineOrders(MemberOrders members, ShardMoves moves, EntityMemory memory) : IClusterOrders
{
    public Task<MemberOrderOutcome> LeaveAsync(string member, CancellationToken cancellationToken) =>
        EngineQuestions.AskAsync(() => members.LeaveAsync(member, cancellationToken));

    public Task<MemberOrderOutcome> DownAsync(string member, CancellationToken cancellationToken) =>
        EngineQuestions.AskAsync(() => members.DownAsync(member, cancellationToken));

    public Task<JoinOutcome> JoinAsync(string address, CancellationToken cancellationToken) =>
        EngineQuestions.AskAsync(() => members.JoinAsync(address, cancellationToken));

    public Task<MoveOutcome> MoveAsync(MoveOrder order, CancellationToken cancellationToken) =>
        EngineQuestions.AskAsync(() => moves.MoveAsync(order, cancellationToken));

    public Task<PassivationOutcome> PassivateAsync(string kind, string id, CancellationToken cancellationToken) =>
        EngineQuestions.AskAsync(async () =>
        {
            var entity = new EntityKey(kind, id);
            var owner = await memory.FindAsync(entity, cancellationToken);
            var isPassivated = await EntityMemory.PassivateAsync(owner, entity, cancellationToken);
            return new PassivationOutcome(kind, id, owner.Shard, owner.Name, isPassivated);
        });
}
