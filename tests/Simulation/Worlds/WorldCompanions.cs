using AkkaScale.Cluster.Ownership;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using AkkaScale.Sharding.Shards;
using AkkaScale.Sharding.Timers;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>What a region looks for in the store now and then, as TimerLoop and RememberedLoop do: timers that are due, entities to be loaded.</summary>
internal sealed class WorldCompanions(World world, WorldMember member)
{
    private const int Most = 64;

    private readonly HashSet<ShardEpoch> _remembered = [];

    public void Tick(WorldShard?[] shards)
    {
        var running = new List<int>();
        foreach (var shard in shards)
        {
            if (shard is null)
            {
                continue;
            }

            running.Add(shard.Shard);
            if (_remembered.Add(shard.ShardEpoch))
            {
                LoadRemembered(shard);
            }
        }

        if (running.Count > 0)
        {
            member.Call(
                store => store.ReadDueTimers(running, Most), (due, isKnown) => Fire(shards, isKnown ? due : []), world.Config.Cluster.LeaseTtl,
                isWrite: false, mayBeLate: false);
        }
    }

    private void LoadRemembered(WorldShard shard) => member.Call(
        store => store.ReadRemembered(shard.Shard, null, Most),
        (page, isKnown) =>
        {
            if (isKnown && page.Count > 0)
            {
                shard.Post(new ShardInput.Remember([.. page.Select(key => (key, world.Kinds.Find(key.Kind)!))]));
            }
        },
        world.Config.Cluster.LeaseTtl, isWrite: false, mayBeLate: false);

    private void Fire(WorldShard?[] shards, IReadOnlyList<DueTimer> due)
    {
        foreach (var timer in due)
        {
            var kind = world.Kinds.Find(timer.Entity.Kind)!;
            shards[timer.Shard]?.Post(new ShardInput.Ask(
                timer.Entity, kind, kind.TimerCommand(timer.Name), TimerCommandId.Of(timer.Entity, timer.Name, timer.Version), long.MaxValue, new Fired(world))
            {
                Firing = new TimerFiring(timer.Name, timer.Version),
            });
        }
    }

    private sealed class Fired(World world) : IAskTarget
    {
        public void Complete(AskOutcome outcome) =>
            world.Coverage.Met(Situation.TimerFired, outcome is { Kind: AskOutcomeKind.Answered, Reply.Status: ReplyStatus.Accepted } ? 1 : 0);
    }
}
