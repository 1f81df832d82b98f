using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>A lane as AppendLane is one, over production's batches: while one is under way, writes gather.</summary>
internal sealed class WorldLane(World world, WorldMember member)
{
    private readonly Queue<(WorldShard Shard, ShardWrite Write)> _queue = new();
    private bool _isAppending;

    public void Enqueue(WorldShard shard, ShardWrite write)
    {
        _queue.Enqueue((shard, write));
        Next();
    }

    private void Next()
    {
        if (_isAppending || _queue.Count == 0)
        {
            return;
        }

        _isAppending = true;
        member.Node.Soon(Append);
    }

    private void Append()
    {
        // The parts stay the batch's own: a late append is carried out when the lane has long gone on.
        var batch = new LaneBatch();
        while (batch.Events < world.Config.Sharding.BatchEvents && _queue.TryDequeue(out var next))
        {
            batch.Add(next.Shard, next.Write);
        }

        if (batch.Slices.Count == 0)
        {
            Done();
            return;
        }

        if (!member.Clock.MayServe)
        {
            Report(batch, null, new SliceOutcome(SliceStatus.Unavailable, "this node's lease has run out"));
            return;
        }

        var self = member.Self.Incarnation;
        if (world.IsStoreReadOnly && !world.IsStoreAway)
        {
            Report(batch, null, new SliceOutcome(SliceStatus.Unavailable, "the store is read-only"));
            return;
        }

        member.Call(store => store.Append(self, batch.Slices), (outcomes, isKnown) =>
            Report(batch, isKnown ? outcomes : null, new SliceOutcome(SliceStatus.Unknown, "no answer")), world.Config.Cluster.LeaseTtl);
    }

    private void Report(LaneBatch batch, SliceOutcome[]? outcomes, SliceOutcome otherwise)
    {
        for (var index = 0; index < batch.Parts.Count; index++)
        {
            Report(batch.Parts[index], outcomes is null ? otherwise : outcomes[index]);
        }

        Done();
    }

    private void Report(LaneBatch.Part part, SliceOutcome outcome)
    {
        if (outcome.Status == SliceStatus.Written)
        {
            part.Shard.Post(new ShardInput.WritesDone(part.Generation, part.LastToken));
            return;
        }

        if (outcome.Status is SliceStatus.HeadMismatch or SliceStatus.Rejected)
        {
            throw new WorldViolationException("I2", $"the owner of shard {part.Shard.Shard} under epoch {part.Shard.Epoch} goes on at the wrong place: {outcome.Detail}");
        }

        world.Coverage.Met(Situation.FencedAppend, outcome.Status == SliceStatus.Fenced ? 1 : 0);
        world.Say($"{member.Node.Name}: a slice of shard {part.Shard.Shard}, epoch {part.Shard.Epoch}, is not written: {outcome.Status}, {outcome.Detail}");
        part.Shard.FailedGeneration = part.Generation;
        part.Shard.Post(new ShardInput.WritesFailed(part.Generation, outcome));
    }

    private void Done()
    {
        _isAppending = false;
        Next();
    }
}
