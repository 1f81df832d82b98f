using AkkaScale.Management.Facts;

namespace AkkaScale.Management.Inspection;

/// <summary>What coordinators decided, from their rows, and what they would decide.</summary>
internal sealed class DecisionInspection(SystemInspection inspection, TimeProvider time)
{
    private const int Told = 10;

    public async Task<ShardStory> WhyAsync(ShardKey shard, CancellationToken cancellationToken)
    {
        var sight = await inspection.ReadAsync(cancellationToken);
        MoveCheck.Region(sight, shard);
        var decisions = await inspection.Membership().Decisions.ReadLatestAsync(shard.Region, shard.Number, Told);
        return WhyShow.Of(
            sight, shard, decisions, inspection.Regions().Allocation.MoveRest, time.GetUtcNow().UtcDateTime);
    }

    /// <summary>By the plan that coordinators follow; shards that rest for them rest here.</summary>
    public async Task<ShardPlanFacts> PlanAsync(PlanWish wish, CancellationToken cancellationToken)
    {
        var sight = await inspection.ReadAsync(cancellationToken);
        var since = time.GetUtcNow().UtcDateTime - inspection.Regions().Allocation.MoveRest;
        var resting = new HashSet<ShardKey>();
        foreach (var region in sight.Regions)
        {
            resting.UnionWith((await inspection.Membership().Decisions.ReadArrivalsAsync(region.Name, since))
                .Where(arrived => sight.At(region.HomeOf(arrived.Shard))?.Name == arrived.To)
                .Select(arrived => new ShardKey(region.Name, arrived.Shard)));
        }

        return ShardPlanShow.Of(sight, wish, resting);
    }

    /// <param name="after">Null: none, only the latest number is wanted.</param>
    public async Task<DecisionPage> ReadAsync(long? after, int limit)
    {
        var decisions = inspection.Membership().Decisions;
        var latest = await decisions.LatestAsync();
        return new DecisionPage(after is { } nr ? await decisions.ReadAfterAsync(nr, limit) : [], latest);
    }
}
