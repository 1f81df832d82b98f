using System.Buffers;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Handoff;

namespace AkkaScale.Tests.Simulation.Shards;

/// <summary>
/// One attempt between two nodes: production's machine at the source, production's copies at the target, production's bytes between them,
/// on a connection that loses and repeats frames.
/// </summary>
internal sealed class SimulatedHandoff(
    string id, int shard, long epoch, Incarnation source, WarmCopies target, ShardingOptions options, IEntityKind kind, Func<int, int> next)
{
    private readonly HandoffMachine _machine = new(options);
    private readonly EntityKindRegistry _kinds = new([kind]);
    private readonly List<HandoffEffect> _effects = [];
    private readonly Queue<(FrameType Type, byte[] Payload)> _toTarget = new();
    private readonly Queue<(FrameType Type, byte[] Payload)> _toSource = new();

    public string Id { get; } = id;

    public long Epoch { get; } = epoch;

    public HandoffPhase Phase => _machine.Phase;

    /// <summary>Frames may be lost or come twice.</summary>
    public bool HasFaults { get; set; } = true;

    /// <summary>Somebody delivers its frames already.</summary>
    public bool IsCarried { get; set; }

    public bool HasFrames => _toTarget.Count + _toSource.Count > 0;

    /// <summary>What the shard has to do, in order.</summary>
    public List<HandoffEffect> Step(HandoffInput input)
    {
        _effects.Clear();
        _machine.Step(input, _effects);
        var asked = new List<HandoffEffect>();
        foreach (var effect in _effects)
        {
            switch (effect)
            {
                case HandoffEffect.SendOffer:
                    ToTarget(FrameType.HandoffOffer, output => HandoffCodec.WriteOffer(output, Id, shard, Epoch));
                    break;
                case HandoffEffect.SendChunk chunk:
                    ToTarget(FrameType.HandoffChunk, output => HandoffCodec.WriteChunk(output, Id, chunk.Number, chunk.Copies));
                    break;
                case HandoffEffect.SendManifest manifest:
                    SendManifest(manifest);
                    break;
                case HandoffEffect.SendAbort abort:
                    ToTarget(FrameType.HandoffAbort, output => HandoffCodec.WriteAbort(output, Id, abort.Reason));
                    break;
                case HandoffEffect.SetDeadline:
                    break;
                default:
                    asked.Add(effect);
                    break;
            }
        }

        return asked;
    }

    /// <summary>Delivers one frame; a frame to the source becomes its next input.</summary>
    public HandoffInput? Deliver()
    {
        var (from, type, payload) = _toTarget.Count > 0 && (_toSource.Count == 0 || next(2) == 0)
            ? (_toTarget, _toTarget.Peek().Type, _toTarget.Peek().Payload)
            : (_toSource, _toSource.Peek().Type, _toSource.Peek().Payload);
        var fate = HasFaults ? next(24) : 23;
        if (fate != 1)
        {
            from.Dequeue();
        }

        // A lost word that an attempt is off leaves copies behind that grow old: it is lost more often than anything else.
        if (fate == 0 || (HasFaults && type == FrameType.HandoffAbort && next(3) > 0))
        {
            return null;
        }

        var frame = HandoffCodec.Read(type, payload, _kinds, options.RememberedCommands);
        if (from == _toTarget)
        {
            AtTarget(frame);
            return null;
        }

        return frame switch
        {
            HandoffFrame.Answer answer => new HandoffInput.Answered(answer.IsAccepted, answer.Reason),
            HandoffFrame.ChunkAck acked => new HandoffInput.ChunkAcked(acked.Number, acked.IsFull),
            HandoffFrame.ManifestAck acked => new HandoffInput.ManifestAcked(acked.IsComplete),
            _ => throw new InvalidOperationException($"The source got {frame}."),
        };
    }

    public static HandoffInput Encode(ShardCopies copies)
    {
        var chunks = ChunkPacker.Pack(copies.Copies);
        return copies.Manifest is { } manifest
            ? new HandoffInput.Settled(chunks, manifest)
            : new HandoffInput.Copied(chunks, copies.IsPassOver, copies.Changed);
    }

    private void SendManifest(HandoffEffect.SendManifest effect)
    {
        // In two parts, so that one can be lost.
        var half = effect.Manifest.Entries.Count / 2;
        ToTarget(FrameType.HandoffManifest, output => HandoffCodec.WriteManifest(
            output, Id, 1, false, effect.Chunks, effect.Manifest.NextPosition, effect.Manifest.Entries.Take(half)));
        ToTarget(FrameType.HandoffManifest, output => HandoffCodec.WriteManifest(
            output, Id, 2, true, effect.Chunks, effect.Manifest.NextPosition, effect.Manifest.Entries.Skip(half)));
    }

    private void AtTarget(HandoffFrame frame)
    {
        switch (frame)
        {
            case HandoffFrame.Offer offer:
                var refusal = target.Offer(offer.HandoffId, source, offer.Shard, offer.Epoch, 0);
                ToSource(FrameType.HandoffAnswer, output => HandoffCodec.WriteAnswer(output, Id, refusal is null, refusal ?? ""));
                break;
            case HandoffFrame.Chunk chunk when target.Add(source, chunk, 0, out var isFull):
                ToSource(FrameType.HandoffChunkAck, output => HandoffCodec.WriteChunkAck(output, Id, chunk.Number, isFull));
                break;
            case HandoffFrame.Chunk:
                ToSource(FrameType.HandoffAnswer, output => HandoffCodec.WriteAnswer(output, Id, false, "unknown"));
                break;
            case HandoffFrame.Manifest manifest:
                if (target.Add(source, manifest, 0) is { } isComplete)
                {
                    ToSource(FrameType.HandoffManifestAck, output => HandoffCodec.WriteManifestAck(output, Id, isComplete));
                }

                break;
            case HandoffFrame.Abort:
                target.Abort(Id, source);
                break;
        }
    }

    private void ToTarget(FrameType type, Action<IBufferWriter<byte>> write) => _toTarget.Enqueue((type, Bytes(write)));

    private void ToSource(FrameType type, Action<IBufferWriter<byte>> write) => _toSource.Enqueue((type, Bytes(write)));

    private static byte[] Bytes(Action<IBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
