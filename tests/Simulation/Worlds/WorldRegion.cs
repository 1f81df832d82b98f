using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Handoff;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>The shards of one incarnation, as ShardRegion keeps them, over production's shard machine.</summary>
internal sealed class WorldRegion
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    private readonly World _world;
    private readonly WorldMember _member;
    private readonly WorldShard?[] _shards;
    private readonly WorldLane[] _lanes;
    private readonly HashSet<ShardEpoch> _started = [];
    private int _residentLimit;

    public WorldRegion(World world, WorldMember member)
    {
        _world = world;
        _member = member;
        _shards = new WorldShard?[world.Config.Cluster.ShardCount];
        _lanes = [.. Enumerable.Range(0, world.Config.Lanes).Select(_ => new WorldLane(world, member))];
        Handoffs = new WorldHandoffs(world, member);
        _residentLimit = world.Config.Sharding.MaxResidentEntities;
    }

    public WorldHandoffs Handoffs { get; }

    public ReadOnlySpan<WorldShard?> Shards => _shards;

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var shard in _shards)
            {
                count += shard is null ? 0 : 1;
            }

            return count;
        }
    }

    public void Start(ShardEpoch shard, string acquiredBy)
    {
        if (!_started.Add(shard))
        {
            throw new WorldViolationException("ownership", $"{_member.Node.Name} is told to start {shard} twice");
        }

        if (_shards[shard.Shard] is { } former)
        {
            former.Drop("a new epoch began");
        }

        var started = new WorldShard(_world, _member, shard, _lanes[shard.Shard % _lanes.Length]);
        _shards[shard.Shard] = started;
        var warm = Handoffs.Take(shard, acquiredBy);
        _world.Say($"{_member.Node.Name} starts {shard} ({(warm is null ? "cold" : $"warm with {warm.Copies.Count}")}, {acquiredBy})");
        if (warm is not null)
        {
            _world.Coverage.Met(Situation.WarmStart);
        }
        else if (HandOver.HandoffIdOf(acquiredBy) is not null)
        {
            _world.Coverage.Met(Situation.ColdHandoff);
        }

        started.Post(new ShardInput.Start(warm));
    }

    public void HandOff(ShardEpoch shard, Incarnation target, string handoffId)
    {
        if (Find(shard) is { } running)
        {
            Handoffs.Begin(running, target, handoffId);
        }
        else
        {
            _member.Report(new ClusterInput.ShardReady(shard, handoffId));
        }
    }

    public void GiveAway(ShardEpoch shard, string handoffId)
    {
        Handoffs.GiveAway(shard, handoffId);
        if (Find(shard) is { } running)
        {
            _shards[shard.Shard] = null;
            running.Drop("the shard was given away");
        }
    }

    public void Drain(ShardEpoch shard)
    {
        if (Find(shard) is { } running)
        {
            running.Post(new ShardInput.Drain());
        }
        else
        {
            _member.Report(new ClusterInput.ShardDrained(shard));
        }
    }

    public void Drop(ShardEpoch shard)
    {
        if (Find(shard) is { } running)
        {
            running.Drop("this node no longer owns the shard");
            Handoffs.OnShardGone(running);
            _shards[shard.Shard] = null;
        }
    }

    public void Deliver(int shard, ShardInput.Ask ask)
    {
        if (_shards[shard] is not { } running || !_member.Clock.MayServe)
        {
            ask.Target.Complete(AskOutcome.NotOwner);
        }
        else
        {
            running.Post(ask);
        }
    }

    public void OnDrained(WorldShard shard)
    {
        Forget(shard);
        _member.Report(new ClusterInput.ShardDrained(shard.ShardEpoch));
    }

    public void OnStopped(WorldShard shard, string reason)
    {
        _world.Say($"{_member.Node.Name} stops {shard.ShardEpoch}: {reason}");
        Forget(shard);
        Handoffs.OnShardGone(shard);
        _member.Report(new ClusterInput.ShardStopped(shard.ShardEpoch, reason));
    }

    public void Tick() => _member.After(TickInterval, () =>
    {
        Handoffs.Tick();
        _residentLimit = ResidentShare.Next(
            _world.Config.Sharding.MaxResidentEntities, _residentLimit, [.. _shards.OfType<WorldShard>().Select(shard => shard.State.Entities.Count)]);
        foreach (var shard in _shards)
        {
            shard?.Post(new ShardInput.Tick(_residentLimit));
        }

        Tick();
    });

    /// <summary>The session is over, or its process is: nothing is drained.</summary>
    public void Vanish()
    {
        for (var shard = 0; shard < _shards.Length; shard++)
        {
            if (_shards[shard] is { } running)
            {
                running.Vanish();
                _shards[shard] = null;
            }
        }

        Handoffs.Vanish();
    }

    private WorldShard? Find(ShardEpoch shard) => _shards[shard.Shard] is { } running && running.Epoch == shard.Epoch ? running : null;

    private void Forget(WorldShard shard)
    {
        if (_shards[shard.Shard] == shard)
        {
            _shards[shard.Shard] = null;
        }
    }
}
