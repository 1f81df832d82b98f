using System.Collections.Concurrent;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Handoff;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Regions;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacySharding.Shards;

/// <summary>
/// Drives one shard's machine: a queue of inputs, run as a pool work item while there are any. No task and no thread per shard or
/// entity, and no lock: at most one work item of a loop runs at a time.
/// </summary>
internal sealed partial class ShardLoop : IThreadPoolWorkItem, ILaneShard
{
    /// <summary>Inputs handled before the pool may turn to another shard.</summary>
    private const int TurnLength = 256;

    private readonly ShardState _state;
    private readonly IShardShell _shell;
    private readonly ILeaseDeadline _lease;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentQueue<ShardInput> _inputs = new();
    private readonly List<ShardEffect> _effects = [];
    private readonly int _queueLimit;
    private int _scheduled;
    private int _queued;
    private int _residents;
    private volatile bool _isStopped;

    public ShardLoop(
        int shard, long epoch, ShardingOptions options, AppendLane lane, IShardShell shell, ILeaseDeadline lease, TimeProvider time, ILogger logger)
    {
        _state = new ShardState(shard, epoch, options, time.TimestampFrequency);
        _shell = shell;
        _lease = lease;
        _time = time;
        _logger = logger;
        _queueLimit = options.ShardQueueLimit;
        Lane = lane;
    }

    public int Shard => _state.Shard;

    public long Epoch => _state.Epoch;

    public AppendLane Lane { get; }

    /// <summary>Entities in memory, as of the last turn.</summary>
    public int Residents => Volatile.Read(ref _residents);

    /// <summary>Nothing of this loop may be appended any more.</summary>
    public bool IsStopped => _isStopped;

    /// <summary>Generations up to this one have failed in the lane; touched by the lane alone.</summary>
    public int FailedGeneration { get; set; } = -1;

    public void Start(WarmShard? warm) => Post(new ShardInput.Start(warm));

    /// <summary>False when the shard's queue is full.</summary>
    public bool TryPost(ShardInput.Ask ask)
    {
        if (Volatile.Read(ref _queued) >= _queueLimit)
        {
            return false;
        }

        Post(ask);
        return true;
    }

    public void Post(ShardInput input)
    {
        Interlocked.Increment(ref _queued);
        _inputs.Enqueue(input);
        Schedule();
    }

    /// <summary>From now on nothing of this shard is appended; its memory goes at the next turn.</summary>
    public void Drop(string reason)
    {
        _isStopped = true;
        Post(new ShardInput.Drop(reason));
    }

    void IThreadPoolWorkItem.Execute()
    {
        for (var turn = 0; turn < TurnLength && _inputs.TryDequeue(out var input); turn++)
        {
            Interlocked.Decrement(ref _queued);
            Step(input);
        }

        Volatile.Write(ref _residents, _state.Entities.Count);
        Volatile.Write(ref _scheduled, 0);
        if (!_inputs.IsEmpty)
        {
            Schedule();
        }
    }

    private void Schedule()
    {
        if (Interlocked.Exchange(ref _scheduled, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void Step(ShardInput input)
    {
        if (input is ShardInput.Inspect inspect)
        {
            inspect.Answer(_state.Entities.ContainsKey(inspect.Entity));
            return;
        }

        if (input is ShardInput.Census census)
        {
            census.Answer(_state.Entities.Keys.Count(entity => entity.Kind == census.Kind));
            return;
        }

        if (input is ShardInput.Look look)
        {
            look.Answer(LookAt(look.Entity));
            return;
        }

        if (input is ShardInput.Passivate passivate)
        {
            passivate.Answer(ResidentList.Passivate(_state, passivate.Entity));
            return;
        }

        try
        {
            var clock = new ShardClock(_time.GetTimestamp(), _lease.DeadlineTimestamp, _time.GetUtcNow());
            ShardMachine.Step(_state, input, clock, _effects);
        }
        catch (Exception broken)
        {
            // A broken invariant stops this shard, never the process; the next epoch starts from the journal.
            LogBroken(_logger, broken, Shard, Epoch);
            _effects.Clear();
            FailEverything(broken);
        }

        RunEffects();
    }

    /// <summary>A kind that cannot write this state must not end the process: whoever asks is shown what the journal gives.</summary>
    private EntityLook LookAt(EntityKey entity)
    {
        try
        {
            return ResidentList.Look(_state, entity);
        }
        catch (Exception unwritable)
        {
            LogUnwritable(_logger, unwritable, Shard, Epoch, entity.Kind);
            return new EntityLook(true, 0, null);
        }
    }

    private void FailEverything(Exception broken)
    {
        _isStopped = true;
        ShardMachine.Step(_state, new ShardInput.Drop(broken.Message), default, _effects);
        _effects.Add(ShardEffect.Stopped($"broken invariant: {broken.Message}"));
    }

    private void RunEffects()
    {
        foreach (ref readonly var effect in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_effects))
        {
            switch (effect.Kind)
            {
                case ShardEffectKind.Complete:
                    effect.Ask!.Target.Complete(effect.Outcome);
                    break;
                case ShardEffectKind.Write:
                    Lane.Enqueue(this, effect.Write!);
                    break;
                case ShardEffectKind.ReadHead:
                    _shell.ReadHead(this);
                    break;
                case ShardEffectKind.Recover:
                    _shell.Recover(this, effect.Entity!);
                    break;
                case ShardEffectKind.LookUpResult:
                    _shell.LookUpResult(this, effect.Entity!, effect.CommandId);
                    break;
                case ShardEffectKind.ConfirmOwner:
                    _shell.ConfirmOwner(this, effect.Batch);
                    break;
                case ShardEffectKind.Copied:
                    _shell.Copied(this, effect.Copies!);
                    break;
                case ShardEffectKind.Drained:
                    _isStopped = true;
                    _shell.Drained(this);
                    break;
                case ShardEffectKind.Stopped:
                    _isStopped = true;
                    _shell.Stopped(this, effect.Reason);
                    break;
            }
        }

        _effects.Clear();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} at epoch {Epoch}: the state of an entity of kind {Kind} cannot be shown")]
    private static partial void LogUnwritable(ILogger logger, Exception fault, int shard, long epoch, string kind);

    [LoggerMessage(Level = LogLevel.Error, Message = "Shard {Shard} at epoch {Epoch} broke an invariant and stops")]
    private static partial void LogBroken(ILogger logger, Exception broken, int shard, long epoch);
}

/// <summary>What a shard asks of its surroundings; answers come back as inputs.</summary>
internal interface IShardShell
{
    void ReadHead(ShardLoop loop);

    void Recover(ShardLoop loop, EntityState entity);

    void LookUpResult(ShardLoop loop, EntityState entity, Guid commandId);

    void ConfirmOwner(ShardLoop loop, long batch);

    void Copied(ShardLoop loop, ShardCopies copies);

    void Drained(ShardLoop loop);

    void Stopped(ShardLoop loop, string reason);
}
