using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>One shard under one epoch: production's machine behind a queue of inputs, and the reads it asks for.</summary>
internal sealed class WorldShard : ILaneShard
{
    private readonly World _world;
    private readonly WorldMember _member;
    private readonly WorldLane _lane;
    private readonly Queue<ShardInput> _inputs = new();
    private readonly List<ShardEffect> _effects = [];
    private bool _isScheduled;
    private bool _isGone;

    public WorldShard(World world, WorldMember member, ShardEpoch shard, WorldLane lane)
    {
        _world = world;
        _member = member;
        _lane = lane;
        ShardEpoch = shard;
        State = new ShardState(shard.Shard, shard.Epoch, world.Config.Sharding, TimeSpan.TicksPerSecond);
    }

    public ShardEpoch ShardEpoch { get; }

    public ShardState State { get; }

    public int Shard => ShardEpoch.Shard;

    public long Epoch => ShardEpoch.Epoch;

    public bool IsStopped { get; private set; }

    public int FailedGeneration { get; set; } = -1;

    public void Post(ShardInput input)
    {
        _inputs.Enqueue(input);
        if (!_isScheduled)
        {
            _isScheduled = true;
            _member.Node.Soon(Turn);
        }
    }

    public void Drop(string reason)
    {
        IsStopped = true;
        Post(new ShardInput.Drop(reason));
    }

    /// <summary>With its process: nobody is told anything.</summary>
    public void Vanish()
    {
        IsStopped = _isGone = true;
        _inputs.Clear();
    }

    private void Turn()
    {
        _isScheduled = false;
        while (!_isGone && _inputs.TryDequeue(out var input))
        {
            ShardMachine.Step(State, input, _member.Clock, _effects);
            var effects = _effects.ToArray();
            _effects.Clear();
            foreach (var effect in effects)
            {
                Perform(effect);
            }
        }
    }

    private void Perform(in ShardEffect effect)
    {
        switch (effect.Kind)
        {
            case ShardEffectKind.Complete:
                effect.Ask!.Target.Complete(effect.Outcome);
                break;
            case ShardEffectKind.Write:
                _lane.Enqueue(this, effect.Write!);
                break;
            case ShardEffectKind.ReadHead:
                Read(
                    static (store, shard) => store.ReadHead(shard), Shard,
                    (head, isKnown) => isKnown ? new ShardInput.HeadRead(head) : new ShardInput.HeadUnreadable("the store is away"));
                break;
            case ShardEffectKind.Recover:
                Recover(effect.Entity!);
                break;
            case ShardEffectKind.LookUpResult:
                LookUp(effect.Entity!, effect.CommandId);
                break;
            case ShardEffectKind.ConfirmOwner:
                var (batch, self, epoch) = (effect.Batch, _member.Self.Incarnation, Epoch);
                Read(
                    static (store, shard) => store.Read().Owners[shard], Shard,
                    (row, isKnown) => new ShardInput.OwnerConfirmed(
                        batch,
                        !isKnown ? ConfirmationOutcome.Unavailable : row.Owner == self && row.Epoch == epoch ? ConfirmationOutcome.Confirmed : ConfirmationOutcome.NotOwner));
                break;
            case ShardEffectKind.Copied:
                _member.Region.Handoffs.OnCopied(this, effect.Copies!);
                break;
            case ShardEffectKind.Drained:
                IsStopped = true;
                _member.Region.OnDrained(this);
                break;
            case ShardEffectKind.Stopped:
                IsStopped = true;
                if (effect.Reason.StartsWith(nameof(SliceStatus.Unknown), StringComparison.Ordinal))
                {
                    _world.Coverage.Met(Situation.UnknownOutcomeReloaded);
                }

                _member.Region.OnStopped(this, effect.Reason);
                break;
            default:
                throw new InvalidOperationException($"unknown effect {effect.Kind}");
        }
    }

    private void Recover(EntityState entity)
    {
        var window = new RecoveryWindow(_world.Config.Sharding.RememberedCommands, DateTimeOffset.MinValue);
        Read(
            (store, _) =>
            {
                var fold = new EntityFold(entity.Key, entity.Kind);
                var results = store.Recover(entity.Key, entity.Kind.StateVersion, window, fold);
                return fold.Finish(results, _world.Config.Sharding.RememberedCommands);
            },
            Shard,
            (recovered, isKnown) => isKnown
                ? new ShardInput.EntityRecovered(entity, recovered)
                : new ShardInput.RecoveryFailed(entity, false, "the store is away"));
    }

    private void LookUp(EntityState entity, Guid commandId) => Read(
        (store, _) => store.FindResults([commandId]), Shard,
        (found, isKnown) =>
        {
            StoredResult? result = null;
            foreach (var one in isKnown ? found : [])
            {
                result = one.Entity == entity.Key ? one : result;
            }

            _world.Coverage.Met(Situation.AnsweredFromJournal, result is null ? 0 : 1);
            return new ShardInput.ResultLookedUp(entity, commandId, result, isKnown ? null : "the store is away");
        });

    private void Read<T>(Func<AkkaScale.Tests.Model.StoreModel, int, T> read, int shard, Func<T, bool, ShardInput> input) =>
        _member.Call(store => read(store, shard), (result, isKnown) => Post(input(result, isKnown)), _world.Config.Cluster.LeaseTtl, isWrite: false, mayBeLate: false);
}
