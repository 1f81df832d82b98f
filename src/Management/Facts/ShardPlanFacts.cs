namespace AkkaScale.Management.Facts;

/// <summary>What should be planned for.</summary>
/// <param name="Region">Null: every region.</param>
/// <param name="Without">Name of a node that is taken for one that is being drained; null: none.</param>
/// <param name="With">So many nodes more than there are.</param>
internal sealed record PlanWish(string? Region, string? Without, int With);

/// <param name="Moves">In order of region; of each region those come first that come first when it is carried out.</param>
/// <param name="Nodes">In order of name, those that are only planned for last.</param>
/// <param name="Waits">Why none of it, or not all, would be done now, in words.</param>
internal sealed record ShardPlanFacts(IReadOnlyList<PlannedMove> Moves, IReadOnlyList<PlannedNode> Nodes, IReadOnlyList<string> Waits);

/// <param name="Epoch">At which the shard was when this was planned.</param>
internal sealed record PlannedMove(ShardKey Shard, string From, string To, string Reason, long Epoch);

/// <param name="Before">Shards whose home it is.</param>
/// <param name="WeightBefore">Of these shards together, by their load; null: of one of them it is not known. So for WeightAfter.</param>
internal sealed record PlannedNode(string Name, int Before, int After, long? WeightBefore, long? WeightAfter);
