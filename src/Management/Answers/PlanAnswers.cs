using AkkaScale.Management.Facts;

namespace AkkaScale.Management.Answers;

// The shapes of the management API, as docs/management-api.md lists them: what would move.

/// <param name="Waits">Why none of it, or not all, would be done now, in words.</param>
internal sealed record PlanAnswer(IReadOnlyList<PlannedMoveAnswer> Moves, IReadOnlyList<PlannedNodeAnswer> Nodes, IReadOnlyList<string> Waits)
{
    public static PlanAnswer Of(ShardPlanFacts plan) => new(
        [
            .. plan.Moves.Select(move => new PlannedMoveAnswer(
                move.Shard.Region, move.Shard.Number, move.From, move.To, move.Epoch, move.Reason)),
        ],
        [.. plan.Nodes.Select(node => new PlannedNodeAnswer(node.Name, node.Before, node.After, node.WeightBefore, node.WeightAfter))], plan.Waits);
}

/// <param name="Epoch">At which the shard was when this was planned.</param>
internal sealed record PlannedMoveAnswer(string Region, int Shard, string From, string To, long Epoch, string Reason);

/// <param name="Before">Shards whose home it is.</param>
/// <param name="WeightBefore">Of these shards together, by their load; null: of one of them it is not known. So for weightAfter.</param>
internal sealed record PlannedNodeAnswer(string Name, int Before, int After, long? WeightBefore, long? WeightAfter);
