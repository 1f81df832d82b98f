using System.Collections.Concurrent;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding.Shards;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacySharding.Handoff;

/// <summary>
/// Drives one attempt at the shard's owner: a queue of inputs, run as a pool work item. Encodes the copies here, off the shard's turn.
/// </summary>
internal sealed partial class HandoffSource : IThreadPoolWorkItem, IDisposable
{
    /// <summary>Entities copied in one of the shard's turns; a turn stays well under a millisecond.</summary>
    private const int CopiesPerTurn = 256;

    private readonly HandoffMachine _machine;
    private readonly ShardLoop _loop;
    private readonly Incarnation _target;
    private readonly IPeerNetwork? _network;
    private readonly Action<HandoffSource> _ready;
    private readonly ShardingMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _deadline;
    private readonly ConcurrentQueue<object> _inputs = new();
    private readonly List<HandoffEffect> _effects = [];
    private int _scheduled;
    private long _stoppedAt;
    private int _residents;
    private int _copied;
    private string? _coldReason;

    public HandoffSource(
        string id, ShardLoop loop, Incarnation target, IPeerNetwork? network, ShardingOptions options, Action<HandoffSource> ready,
        ShardingMetrics metrics, TimeProvider time, ILogger logger)
    {
        Id = id;
        _machine = new HandoffMachine(options);
        _loop = loop;
        _target = target;
        _network = network;
        _ready = ready;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _deadline = time.CreateTimer(_ => Post(new HandoffInput.DeadlinePassed()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public string Id { get; }

    public int Shard => _loop.Shard;

    public long Epoch => _loop.Epoch;

    public Incarnation Target => _target;

    public void Post(HandoffInput input) => Enqueue(input);

    /// <summary>What the shard has copied; encoded in this attempt's own turn.</summary>
    public void Post(ShardCopies copies) => Enqueue(copies);

    public void Dispose() => _deadline.Dispose();

    void IThreadPoolWorkItem.Execute()
    {
        while (_inputs.TryDequeue(out var next))
        {
            try
            {
                Step(next as HandoffInput ?? Encode((ShardCopies)next));
            }
            catch (Exception fault)
            {
                // The shard must not stay behind closed doors because of a fault here.
                LogFault(_logger, fault, Shard, Id);
                _effects.Clear();
                Post(new HandoffInput.Cut(fault.Message));
            }
        }

        Volatile.Write(ref _scheduled, 0);
        if (!_inputs.IsEmpty)
        {
            Schedule();
        }
    }

    private void Enqueue(object input)
    {
        _inputs.Enqueue(input);
        Schedule();
    }

    private void Schedule()
    {
        if (Interlocked.Exchange(ref _scheduled, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private HandoffInput Encode(ShardCopies copies)
    {
        var chunks = ChunkPacker.Pack(copies.Copies);
        _copied += copies.Copies.Count;
        return copies.Manifest is { } manifest
            ? new HandoffInput.Settled(chunks, manifest)
            : new HandoffInput.Copied(chunks, copies.IsPassOver, copies.Changed);
    }

    private void Step(HandoffInput input)
    {
        _machine.Step(input, _effects);
        foreach (var effect in _effects)
        {
            Execute(effect);
        }

        _effects.Clear();
        if (input is HandoffInput.Ended { IsGiven: true })
        {
            Tell();
        }
        else if (_machine.Phase == HandoffPhase.Over && input is HandoffInput.CalledOff or HandoffInput.ShardGone or HandoffInput.Ended)
        {
            _metrics.HandoffEnded("aborted");
        }
    }

    private void Execute(HandoffEffect effect)
    {
        switch (effect)
        {
            case HandoffEffect.SendOffer:
                Send(FrameType.HandoffOffer, (Id, Shard, Epoch), static (output, it) => HandoffCodec.WriteOffer(output, it.Id, it.Shard, it.Epoch));
                break;
            case HandoffEffect.SendChunk chunk:
                Send(FrameType.HandoffChunk, (Id, chunk), static (output, it) => HandoffCodec.WriteChunk(output, it.Id, it.chunk.Number, it.chunk.Copies));
                break;
            case HandoffEffect.SendManifest manifest:
                SendManifest(manifest);
                break;
            case HandoffEffect.SendAbort abort:
                // If it is not sent the target learns it from the owner row, or by its own timeout.
                _network?.TrySend(_target, FrameType.HandoffAbort, (Id, abort.Reason), static (output, it) => HandoffCodec.WriteAbort(output, it.Id, it.Reason));
                break;
            case HandoffEffect.CopyOut copy:
                _loop.Post(new ShardInput.CopyOut(Id, copy.IsNewPass, CopiesPerTurn));
                break;
            case HandoffEffect.StopIntake:
                _stoppedAt = _time.GetTimestamp();
                _residents = _loop.Residents;
                _loop.Post(new ShardInput.StopIntake(Id));
                break;
            case HandoffEffect.Resume:
                _loop.Post(new ShardInput.Resume(Id));
                break;
            case HandoffEffect.SetDeadline deadline:
                _deadline.Change(deadline.After, Timeout.InfiniteTimeSpan);
                break;
            case HandoffEffect.ReportReady ready:
                _coldReason = ready.ColdReason;
                _deadline.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _ready(this);
                break;
        }
    }

    private void SendManifest(HandoffEffect.SendManifest effect)
    {
        var entries = effect.Manifest.Entries;
        var parts = Math.Max(1, (entries.Count + HandoffCodec.MaxEntriesPerPart - 1) / HandoffCodec.MaxEntriesPerPart);
        for (var part = 1; part <= parts; part++)
        {
            var some = entries.Skip((part - 1) * HandoffCodec.MaxEntriesPerPart).Take(HandoffCodec.MaxEntriesPerPart);
            Send(
                FrameType.HandoffManifest, (Id, part, isLast: part == parts, effect.Chunks, effect.Manifest.NextPosition, some),
                static (output, it) => HandoffCodec.WriteManifest(output, it.Id, it.part, it.isLast, it.Chunks, it.NextPosition, it.some));
        }
    }

    private void Send<TState>(FrameType type, TState state, PayloadWriter<TState> write)
    {
        if (_network is null || !_network.TrySend(_target, type, state, write))
        {
            Post(new HandoffInput.Cut("no connection to the target, or it is full"));
        }
        else if (!_network.IsConnected(_target))
        {
            // Lost between the send and now: its OnDisconnected may have come before this attempt was listed.
            Post(new HandoffInput.Cut("the connection to the target was lost"));
        }
    }

    private void Tell()
    {
        var pause = _time.GetElapsedTime(_stoppedAt);
        _metrics.HandoffEnded(_coldReason is null ? "warm" : "cold");
        _metrics.HandoffPaused(pause, _residents);
        if (_coldReason is null)
        {
            _metrics.HandoffEntities("sent", _copied);
            LogWarm(_logger, Shard, _target, Id, _copied, pause.TotalMilliseconds);
        }
        else
        {
            LogCold(_logger, Shard, _target, Id, _coldReason, pause.TotalMilliseconds);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Handing off shard {Shard} ({Handoff}) failed; it goes on without copies")]
    private static partial void LogFault(ILogger logger, Exception fault, int shard, string handoff);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Shard {Shard} was handed off to {Target} ({Handoff}) with {Copies} copies; its callers waited {Pause:0.0} ms")]
    private static partial void LogWarm(ILogger logger, int shard, Incarnation target, string handoff, int copies, double pause);

    [LoggerMessage(Level = LogLevel.Information, Message = "Shard {Shard} was handed off to {Target} ({Handoff}) without copies: {Reason}; its callers waited {Pause:0.0} ms")]
    private static partial void LogCold(ILogger logger, int shard, Incarnation target, string handoff, string reason, double pause);
}
