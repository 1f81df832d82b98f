using System.Buffers;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding.Handoff;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>
/// A region's handoffs, those that leave and those that arrive: production's machine, copies and bytes, on the connections of the simulated network.
/// </summary>
internal sealed class WorldHandoffs(World world, WorldMember member)
{
    private const int CopiesPerTurn = 3;

    private readonly SortedDictionary<int, Leaving> _leaving = [];
    private readonly WarmCopies _copies = new(world.Config.Sharding);
    private long _discarded;

    public bool IsIdle => _leaving.Count == 0;

    public void Begin(WorldShard shard, Incarnation target, string handoffId)
    {
        if (_leaving.TryGetValue(shard.Shard, out var former))
        {
            End(former, new HandoffInput.CalledOff());
        }

        var leaving = new Leaving(shard, target, handoffId, new HandoffMachine(world.Config.Sharding));
        _leaving[shard.Shard] = leaving;
        Step(leaving, new HandoffInput.Begin());
    }

    public void CallOff(ShardEpoch shard, string handoffId)
    {
        if (Find(shard.Shard, handoffId) is { } leaving)
        {
            Interrupted(leaving);
            world.Coverage.Met(
                Situation.HandoffResumed, leaving.Machine.Phase is HandoffPhase.Settling or HandoffPhase.Finishing or HandoffPhase.Ready ? 1 : 0);
            End(leaving, new HandoffInput.CalledOff());
        }
    }

    public void GiveAway(ShardEpoch shard, string handoffId)
    {
        if (Find(shard.Shard, handoffId) is { } leaving)
        {
            Step(leaving, new HandoffInput.GivenAway());
        }
    }

    public void Ended(ShardEpoch shard, string handoffId, bool isGiven)
    {
        if (Find(shard.Shard, handoffId) is { } leaving)
        {
            End(leaving, new HandoffInput.Ended(isGiven));
        }
    }

    public void OnCopied(WorldShard shard, ShardCopies copies)
    {
        var (id, encoded) = (copies.HandoffId, Shards.SimulatedHandoff.Encode(copies));
        member.Node.Soon(() =>
        {
            if (Find(shard.Shard, id) is { } leaving)
            {
                Step(leaving, encoded);
            }
        });
    }

    public void OnShardGone(WorldShard shard)
    {
        if (_leaving.TryGetValue(shard.Shard, out var leaving) && leaving.Shard == shard)
        {
            Interrupted(leaving);
            End(leaving, new HandoffInput.ShardGone());
        }
    }

    public WarmShard? Take(ShardEpoch shard, string acquiredBy)
    {
        var warm = _copies.Take(shard.Shard, shard.Epoch, HandOver.HandoffIdOf(acquiredBy));
        NoteDiscarded();
        return warm;
    }

    public void Tick()
    {
        _copies.Expire((member.Node.Local - (world.Config.Sharding.HandoffTimeout * 3)).Ticks);
        NoteDiscarded();
    }

    public void OnConnected(Incarnation peer)
    {
        foreach (var leaving in _leaving.Values.Where(leaving => leaving.Target == peer).ToArray())
        {
            Step(leaving, new HandoffInput.Connected());
        }
    }

    public void OnDisconnected(WorldNode peer)
    {
        foreach (var leaving in _leaving.Values.Where(leaving => world.NodeOf(leaving.Target) == peer).ToArray())
        {
            Interrupted(leaving);
            Step(leaving, new HandoffInput.Cut("the connection to the target was lost"));
        }

        foreach (var incarnation in world.IncarnationsOf(peer))
        {
            _copies.Disconnected(incarnation);
        }

        world.Coverage.Met(Situation.HandoffInterruptedAtTarget, _copies.Discarded > _discarded ? 1 : 0);
        NoteDiscarded();
    }

    /// <summary>With its process.</summary>
    public void Vanish()
    {
        foreach (var leaving in _leaving.Values)
        {
            Interrupted(leaving);
        }

        _leaving.Clear();
        world.Coverage.Met(Situation.HandoffInterruptedAtTarget, _copies.Count);
    }

    private void Interrupted(Leaving leaving) => world.Coverage.Met(
        Situation.HandoffInterruptedAtSource, leaving.Machine.Phase is HandoffPhase.Offering or HandoffPhase.Over ? 0 : 1);

    private Leaving? Find(int shard, string handoffId) =>
        _leaving.TryGetValue(shard, out var leaving) && leaving.Id == handoffId ? leaving : null;

    private void End(Leaving leaving, HandoffInput how)
    {
        _leaving.Remove(leaving.Shard.Shard);
        Step(leaving, how);
    }

    private void Step(Leaving leaving, HandoffInput input)
    {
        var effects = new List<HandoffEffect>();
        leaving.Machine.Step(input, effects);
        foreach (var effect in effects)
        {
            Execute(leaving, effect);
        }
    }

    private void Execute(Leaving leaving, HandoffEffect effect)
    {
        var (id, shard) = (leaving.Id, leaving.Shard);
        switch (effect)
        {
            case HandoffEffect.SendOffer:
                Send(leaving, FrameType.HandoffOffer, output => HandoffCodec.WriteOffer(output, id, shard.Shard, shard.Epoch));
                break;
            case HandoffEffect.SendChunk chunk:
                Send(leaving, FrameType.HandoffChunk, output => HandoffCodec.WriteChunk(output, id, chunk.Number, chunk.Copies));
                break;
            case HandoffEffect.SendManifest manifest:
                SendManifest(leaving, manifest);
                break;
            case HandoffEffect.SendAbort abort:
                TrySend(leaving, FrameType.HandoffAbort, output => HandoffCodec.WriteAbort(output, id, abort.Reason));
                break;
            case HandoffEffect.CopyOut copy:
                shard.Post(new ShardInput.CopyOut(id, copy.IsNewPass, CopiesPerTurn));
                break;
            case HandoffEffect.StopIntake:
                shard.Post(new ShardInput.StopIntake(id));
                break;
            case HandoffEffect.Resume:
                shard.Post(new ShardInput.Resume(id));
                break;
            case HandoffEffect.SetDeadline deadline:
                var serial = ++leaving.Deadlines;
                member.After(deadline.After, () =>
                {
                    if (leaving.Deadlines == serial && Find(shard.Shard, id) == leaving)
                    {
                        Step(leaving, new HandoffInput.DeadlinePassed());
                    }
                });
                break;
            case HandoffEffect.ReportReady:
                leaving.Deadlines++;
                member.Report(new ClusterInput.ShardReady(shard.ShardEpoch, id));
                break;
        }
    }

    private void SendManifest(Leaving leaving, HandoffEffect.SendManifest effect)
    {
        // In two parts, so that one can be lost.
        var (id, manifest, half) = (leaving.Id, effect.Manifest, effect.Manifest.Entries.Count / 2);
        Send(leaving, FrameType.HandoffManifest, output =>
            HandoffCodec.WriteManifest(output, id, 1, false, effect.Chunks, manifest.NextPosition, manifest.Entries.Take(half)));
        Send(leaving, FrameType.HandoffManifest, output =>
            HandoffCodec.WriteManifest(output, id, 2, true, effect.Chunks, manifest.NextPosition, manifest.Entries.Skip(half)));
    }

    private void Send(Leaving leaving, FrameType type, Action<IBufferWriter<byte>> write)
    {
        if (!TrySend(leaving, type, write))
        {
            member.Node.Soon(() =>
            {
                if (Find(leaving.Shard.Shard, leaving.Id) == leaving)
                {
                    Step(leaving, new HandoffInput.Cut("no connection to the target"));
                }
            });
        }
    }

    private bool TrySend(Leaving leaving, FrameType type, Action<IBufferWriter<byte>> write) =>
        world.FindMember(leaving.Target) is { } target && SendTo(target, type, write);

    private bool SendTo(WorldMember to, FrameType type, Action<IBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(buffer);
        var bytes = buffer.WrittenSpan.ToArray();
        return world.Network.TrySend(member.Node, to.Node, () => to.Region.Handoffs.OnFrame(member, type, bytes), inOrder: true);
    }

    private void OnFrame(WorldMember from, FrameType type, byte[] payload)
    {
        var source = from.Self.Incarnation;
        var now = member.Node.Local.Ticks;
        if (!member.IsRunning)
        {
            return;
        }

        switch (HandoffCodec.Read(type, payload, world.Kinds, world.Config.Sharding.RememberedCommands))
        {
            case HandoffFrame.Offer offer:
                var refusal = _copies.Offer(offer.HandoffId, source, offer.Shard, offer.Epoch, now);
                Answer(from, offer.HandoffId, refusal);
                break;
            case HandoffFrame.Chunk chunk when _copies.Add(source, chunk, now, out var isFull):
                SendTo(from, FrameType.HandoffChunkAck, output => HandoffCodec.WriteChunkAck(output, chunk.HandoffId, chunk.Number, isFull));
                break;
            case HandoffFrame.Chunk chunk:
                world.Coverage.Met(Situation.HandoffInterruptedAtTarget);
                Answer(from, chunk.HandoffId, "a chunk is missing, or the attempt is over");
                break;
            case HandoffFrame.Manifest manifest:
                if (_copies.Add(source, manifest, now) is { } isComplete)
                {
                    SendTo(from, FrameType.HandoffManifestAck, output => HandoffCodec.WriteManifestAck(output, manifest.HandoffId, isComplete));
                }

                break;
            case HandoffFrame.Abort abort:
                _copies.Abort(abort.HandoffId, source);
                break;
            case HandoffFrame.Answer answer:
                Tell(from, answer.HandoffId, new HandoffInput.Answered(answer.IsAccepted, answer.Reason));
                break;
            case HandoffFrame.ChunkAck acked:
                Tell(from, acked.HandoffId, new HandoffInput.ChunkAcked(acked.Number, acked.IsFull));
                break;
            case HandoffFrame.ManifestAck acked:
                Tell(from, acked.HandoffId, new HandoffInput.ManifestAcked(acked.IsComplete));
                break;
        }

        NoteDiscarded();
    }

    private void Answer(WorldMember to, string handoffId, string? refusal) =>
        SendTo(to, FrameType.HandoffAnswer, output => HandoffCodec.WriteAnswer(output, handoffId, refusal is null, refusal ?? ""));

    private void Tell(WorldMember from, string handoffId, HandoffInput input)
    {
        foreach (var leaving in _leaving.Values)
        {
            if (leaving.Id == handoffId && leaving.Target == from.Self.Incarnation)
            {
                Step(leaving, input);
                return;
            }
        }
    }

    private void NoteDiscarded()
    {
        world.Coverage.Met(Situation.CopiesDiscarded, _copies.Discarded - _discarded);
        _discarded = _copies.Discarded;
    }

    private sealed class Leaving(WorldShard shard, Incarnation target, string id, HandoffMachine machine)
    {
        public WorldShard Shard { get; } = shard;

        public Incarnation Target { get; } = target;

        public string Id { get; } = id;

        public HandoffMachine Machine { get; } = machine;

        public int Deadlines { get; set; }
    }
}
