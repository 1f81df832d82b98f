using AkkaScale.Entities;
using AkkaScale.Management.Facts;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Management.Inspection;

/// <summary>
/// Orders: to leave by Akka's gossip, down and moves as rows of the database, and of an entity's owner by asking it.
/// </summary>
internal sealed class ClusterOrders(
    SystemInspection inspection, MemberNames members, ShardMoves moves, ShardPins pins, NodeOrders nodes, ShardBalancing balancing,
    EntityMemory memory, InspectionNames names)
    : IClusterOrders
{
    public Task<MemberOrderOutcome> LeaveAsync(string member, CancellationToken cancellationToken) => SystemInspection.AskAsync(async () =>
    {
        var sight = await inspection.ReadAsync(cancellationToken);
        var row = await members.FindAsync(member, isLive: true, cancellationToken);
        var status = MemberShow.StatusOf(sight, row);
        if (status == "Leaving")
        {
            return new MemberOrderOutcome(row.Incarnation, row.Address, row.Name, status, $"{row.Name} is leaving already.", null);
        }

        if (sight.InGossip(row) is null)
        {
            throw MemberNames.Refused("The member has not joined", $"{row.Name} has not become a member yet: wait, or send it away with Down.");
        }

        Akka.Cluster.Cluster.Get(inspection.System()).Leave(Akka.Actor.Address.Parse(row.Address));
        return new MemberOrderOutcome(
            row.Incarnation, row.Address, row.Name, "Leaving",
            $"{row.Name} hands its shards over, leaves and ends its process with exit code 0; "
            + "a supervisor that restarts processes starts it again.",
            null);
    });

    public Task<MemberOrderOutcome> DownAsync(string member, CancellationToken cancellationToken) => SystemInspection.AskAsync(async () =>
    {
        var membership = inspection.Membership();
        var row = await members.FindAsync(member, isLive: true, cancellationToken);
        var self = membership.Members.FirstOrDefault(each => each.Incarnation == membership.Incarnation)?.Name ?? membership.Incarnation;
        if (!await membership.SendAwayAsync(row.Incarnation, $"forced down by an operator through {self}"))
        {
            throw MemberNames.Refused("The member has changed", $"{row.Name} changed its state at the same moment; look at the members.");
        }

        return new MemberOrderOutcome(
            row.Incarnation, row.Address, row.Name, "Down",
            $"{row.Name} is declared down. If its process runs it stops serving and ends with exit code 81, for a supervisor to start it "
            + "again as another incarnation; its shards are taken over then, or when it has been declared dead.",
            names.TakeoverWithin);
    });

    public Task<JoinOutcome> JoinAsync(string address, CancellationToken cancellationToken) => SystemInspection.AskAsync(async () =>
    {
        var sight = await inspection.ReadAsync(cancellationToken);
        return MemberNames.Named(sight.Rows, address).FirstOrDefault(row => row.IsLive) is { } row
            ? new JoinOutcome(
                $"{row.Name} is a member already, {MemberShow.StatusOf(sight, row).ToLowerInvariant()}.", row.Address, row.Name)
            : throw MemberNames.Refused(
                "Nodes join by themselves",
                $"There is no member at {address}, and none can be told to join: start a node there with this cluster's store "
                + "(Store:Kind, Store:Path or Store:ConnectionString) and it joins by itself.");
    });

    public Task<MoveOutcome> MoveAsync(MoveOrder order, CancellationToken cancellationToken) =>
        SystemInspection.AskAsync(() => moves.MoveAsync(order, cancellationToken));

    public Task<PinOutcome> PinAsync(MoveOrder order, CancellationToken cancellationToken) =>
        SystemInspection.AskAsync(() => pins.PinAsync(order, cancellationToken));

    public Task<PinOutcome> UnpinAsync(ShardKey shard, CancellationToken cancellationToken) =>
        SystemInspection.AskAsync(() => pins.UnpinAsync(shard, cancellationToken));

    public Task<NodeOrderOutcome> OrderNodeAsync(NodeWish wish, CancellationToken cancellationToken) =>
        SystemInspection.AskAsync(() => nodes.OrderAsync(wish, cancellationToken));

    public Task<IReadOnlyList<MoveOutcome>> RebalanceAsync(RebalanceOrder order, CancellationToken cancellationToken) =>
        SystemInspection.AskAsync(() => balancing.OrderAsync(order, cancellationToken));

    public Task<PassivationOutcome> PassivateAsync(string kind, string id, CancellationToken cancellationToken) =>
        SystemInspection.AskAsync(async () =>
        {
            var entity = new EntityKey(kind, id);
            var owner = await memory.FindAsync(entity, cancellationToken);
            if (owner.Row is null)
            {
                return new PassivationOutcome(kind, id, owner.Shard, null, false);
            }

            var answer = await inspection.Nodes().PassivateAsync(owner.Row.Address, entity, cancellationToken)
                ?? throw new OrderRefusedException(
                    StatusCodes.Status503ServiceUnavailable,
                    $"The owner, node {owner.Row.Name}, does not answer; whether {entity} left its memory is not known.");
            return answer is { WasResident: true, IsAccepted: false }
                ? throw new OrderRefusedException(
                    StatusCodes.Status409Conflict,
                    $"{entity} has commands or writes under way, or its shard is moving: it stays in memory. Try again.")
                : new PassivationOutcome(kind, id, owner.Shard, owner.Row.Name, answer.WasResident);
        });
}
