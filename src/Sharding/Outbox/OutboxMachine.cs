using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using AkkaScale.Sharding.Shards;

namespace AkkaScale.Sharding.Outbox;

/// <summary>
/// Brings a shard's messages to their receivers. Invariants: (1) only durable messages are sent; (2) of one channel, at most one is under way, and none
/// goes before an older one was acknowledged; (3) what memory does not hold, the store does: it is read through, from the beginning, until nothing is
/// missing; (4) messages and deliveries in memory are bounded, whoever does not answer.
/// </summary>
/// <remarks>
/// Nothing here needs to survive: the next owner reads the store and repeats what was not settled, and receivers know what they have accepted. While a
/// shard is being handed off it sends and writes nothing, but takes notice, for it may go on.
/// </remarks>
internal static class OutboxMachine
{
    /// <summary>Acknowledgements of a busy channel that share one settlement.</summary>
    private const int SettleEvery = 32;

    private const int PauseAfterMissSeconds = 5;
    private const int LongestBackOffSeconds = 60;

    /// <summary>The shard runs: what earlier owners left is in the store.</summary>
    public static void Start(ShardState shard, List<ShardEffect> effects)
    {
        shard.Outbox.IsStarted = true;
        BeginPass(shard, effects);
    }

    public static void OnTick(ShardState shard, in ShardClock clock, List<ShardEffect> effects)
    {
        if (shard.Phase != ShardPhase.Running)
        {
            return;
        }

        var outbox = shard.Outbox;
        var lost = outbox.Lost.ToArray();
        outbox.Lost.Clear();
        foreach (var settlement in lost)
        {
            Settle(shard, settlement, effects);
        }

        if (!outbox.IsStarted)
        {
            Start(shard, effects);
        }
        else if (outbox is { IsComplete: false, Pass: null } && clock.Now >= outbox.NextPassAt)
        {
            BeginPass(shard, effects);
        }

        foreach (var channel in outbox.Channels.Values)
        {
            if (channel.Phase == ChannelPhase.BackingOff && clock.Now >= channel.RetryAt)
            {
                MakeReady(outbox, channel);
            }
        }

        if (outbox.Pass is { IsReading: false } && !HasRoom(shard))
        {
            PutOutThoseBackingOff(outbox);
        }

        Go(shard, clock, effects);
    }

    /// <summary>A write of this shard is durable.</summary>
    public static void OnDurable(ShardState shard, ShardWrite write, in ShardClock clock, List<ShardEffect> effects)
    {
        if (write.Messages.Count == 0 || IsOver(shard))
        {
            return;
        }

        var outbox = shard.Outbox;
        foreach (var message in write.Messages)
        {
            if (outbox.IsComplete && outbox.Messages < shard.Options.OutboxBuffer)
            {
                Queue(outbox, message);
            }
            else if (outbox.IsComplete)
            {
                // From here on everything goes by the store, or it would overtake this one.
                outbox.IsComplete = false;
                outbox.NextPassAt = clock.Now;
            }
            else if (outbox.Pass is { HasMissed: false } pass)
            {
                pass.HasMissed = pass.Arrived.Count >= shard.Options.OutboxBuffer;
                if (!pass.HasMissed)
                {
                    pass.Arrived.Add(message);
                }
            }
        }

        Go(shard, clock, effects);
    }

    /// <summary>A write of this shard certainly failed. Its messages never were; a settlement is written again, or its channel is never closed.</summary>
    public static void OnNotWritten(ShardState shard, ShardWrite write)
    {
        if (write.Settlement is { } settlement)
        {
            shard.Outbox.Lost.Add(settlement);
        }
    }

    public static void OnRead(ShardState shard, ShardInput.OutboxRead read, in ShardClock clock, List<ShardEffect> effects)
    {
        var outbox = shard.Outbox;
        if (IsOver(shard) || outbox.Pass is not { IsReading: true } pass)
        {
            return;
        }

        pass.IsReading = false;
        if (read.Failure is not null)
        {
            outbox.Pass = null;
            outbox.NextPassAt = clock.Now + shard.TicksPerSecond;
            return;
        }

        foreach (var message in read.Page)
        {
            if (pass.Cursor?.Sender != message.Sender)
            {
                pass.PutOut.Clear();
            }

            pass.Cursor = message;
            if (!pass.PutOut.Contains(ChannelKey.Of(message)))
            {
                Queue(outbox, message);
            }
        }

        if (read.Page.Count < shard.Options.OutboxPage)
        {
            EndPass(shard, pass, clock);
        }

        Go(shard, clock, effects);
    }

    public static void OnAnswered(ShardState shard, ShardInput.MessageAnswered answered, in ShardClock clock, List<ShardEffect> effects)
    {
        var outbox = shard.Outbox;
        var (message, isClose) = answered.Sent;
        if (IsOver(shard) || !outbox.Channels.TryGetValue(ChannelKey.Of(message), out var channel))
        {
            return;
        }

        outbox.InFlight--;
        if (isClose)
        {
            OnCloseAnswered(shard, channel, message, answered.IsDelivered, effects);
        }
        else if (answered.IsDelivered)
        {
            OnDelivered(shard, channel, effects);
        }
        else
        {
            channel.Failures++;
            channel.Phase = ChannelPhase.BackingOff;
            channel.RetryAt = clock.Now + (shard.TicksPerSecond * Math.Min(LongestBackOffSeconds, 1L << Math.Min(channel.Failures - 1, 10)));
        }

        Go(shard, clock, effects);
    }

    /// <summary>Nothing was sent for long: the receiver may forget the sender. Left for a later round if there is anything to send.</summary>
    public static void OnIdle(ShardState shard, OutboxSettlement last, List<ShardEffect> effects)
    {
        var outbox = shard.Outbox;
        var key = new ChannelKey(last.Sender, last.Receiver);
        if (shard.Phase != ShardPhase.Running || !outbox.IsComplete || outbox.Channels.ContainsKey(key))
        {
            return;
        }

        var channel = new OutboxChannel(key) { Closing = last.Nr, LastQueued = last.Nr };
        outbox.Channels.Add(key, channel);
        MakeReady(outbox, channel);
        Send(shard, effects);
    }

    private static void OnDelivered(ShardState shard, OutboxChannel channel, List<ShardEffect> effects)
    {
        var outbox = shard.Outbox;
        channel.Failures = 0;
        channel.Acknowledged = channel.Waiting.Dequeue().Nr;
        channel.Unsettled++;
        outbox.Messages--;
        if (channel.Waiting.Count == 0 || channel.Unsettled >= SettleEvery)
        {
            channel.Unsettled = 0;
            Settle(shard, new OutboxSettlement(channel.Key.Sender, channel.Key.Receiver, channel.Acknowledged, IsClosed: false), effects);
        }

        GoOnOrForget(outbox, channel);
    }

    /// <summary>A close that got no answer is left to the next round: the channel stays marked.</summary>
    private static void OnCloseAnswered(ShardState shard, OutboxChannel channel, OutboxMessage last, bool isClosed, List<ShardEffect> effects)
    {
        channel.Closing = null;
        if (isClosed)
        {
            Settle(shard, new OutboxSettlement(last.Sender, last.Receiver, last.Nr, IsClosed: true), effects);
        }

        GoOnOrForget(shard.Outbox, channel);
    }

    private static void GoOnOrForget(OutboxState outbox, OutboxChannel channel)
    {
        if (channel.Waiting.Count > 0)
        {
            MakeReady(outbox, channel);
        }
        else
        {
            outbox.Channels.Remove(channel.Key);
        }
    }

    private static void BeginPass(ShardState shard, List<ShardEffect> effects)
    {
        shard.Outbox.Pass = new OutboxPass();
        ReadOn(shard, effects);
    }

    /// <summary>Everything was read that was there when the pass began; what came since is known, unless some of it found no room.</summary>
    private static void EndPass(ShardState shard, OutboxPass pass, in ShardClock clock)
    {
        var outbox = shard.Outbox;
        outbox.Pass = null;
        if (pass.HasMissed)
        {
            outbox.NextPassAt = clock.Now + (shard.TicksPerSecond * PauseAfterMissSeconds);
            return;
        }

        outbox.IsComplete = true;
        foreach (var message in pass.Arrived)
        {
            Queue(outbox, message);
        }
    }

    /// <summary>
    /// Channels that wait for another try make room for those that may succeed. The next pass finds them again.
    /// </summary>
    private static void PutOutThoseBackingOff(OutboxState outbox)
    {
        var pass = outbox.Pass!;
        foreach (var channel in outbox.Channels.Values.Where(channel => channel.Phase == ChannelPhase.BackingOff).ToArray())
        {
            outbox.Channels.Remove(channel.Key);
            outbox.Messages -= channel.Waiting.Count;
            pass.HasMissed = true;
            if (channel.Key.Sender == pass.Cursor?.Sender)
            {
                pass.PutOut.Add(channel.Key);
            }
        }
    }

    private static void Queue(OutboxState outbox, OutboxMessage message)
    {
        var key = ChannelKey.Of(message);
        if (!outbox.Channels.TryGetValue(key, out var channel))
        {
            channel = new OutboxChannel(key);
            outbox.Channels.Add(key, channel);
            MakeReady(outbox, channel);
        }

        if (message.Nr > channel.LastQueued)
        {
            channel.LastQueued = message.Nr;
            channel.Waiting.Enqueue(message);
            outbox.Messages++;
        }
    }

    private static void MakeReady(OutboxState outbox, OutboxChannel channel)
    {
        channel.Phase = ChannelPhase.Ready;
        outbox.Ready.Enqueue(channel);
    }

    /// <summary>Nothing of this shard goes on under this epoch.</summary>
    private static bool IsOver(ShardState shard) => shard.Phase is ShardPhase.Draining or ShardPhase.Stopped;

    private static void Go(ShardState shard, in ShardClock clock, List<ShardEffect> effects)
    {
        if (shard.Phase != ShardPhase.Running)
        {
            return;
        }

        Send(shard, effects);
        ReadOn(shard, effects);
        if (shard.Outbox is { IsComplete: false, Pass: null } outbox && clock.Now >= outbox.NextPassAt)
        {
            BeginPass(shard, effects);
        }
    }

    private static void Send(ShardState shard, List<ShardEffect> effects)
    {
        var outbox = shard.Outbox;
        while (outbox.InFlight < shard.Options.OutboxInFlight && outbox.Ready.TryDequeue(out var channel))
        {
            channel.Phase = ChannelPhase.InFlight;
            outbox.InFlight++;
            effects.Add(ShardEffect.SendMessage(channel.Closing is { } last
                ? new OutboxSend(new OutboxMessage(channel.Key.Sender, channel.Key.Receiver, last, "", default, default), true)
                : new OutboxSend(channel.Waiting.Peek(), false)));
        }
    }

    private static void ReadOn(ShardState shard, List<ShardEffect> effects)
    {
        if (shard.Outbox.Pass is { IsReading: false } pass && HasRoom(shard))
        {
            pass.IsReading = true;
            effects.Add(ShardEffect.ReadOutbox(pass.Cursor));
        }
    }

    private static bool HasRoom(ShardState shard) => shard.Outbox.Messages + shard.Options.OutboxPage <= shard.Options.OutboxBuffer;

    private static void Settle(ShardState shard, OutboxSettlement settlement, List<ShardEffect> effects)
    {
        if (shard.Phase != ShardPhase.Running)
        {
            shard.Outbox.Lost.Add(settlement);
            return;
        }

        EntityMachine.Append(
            shard,
            new ShardWrite(shard.NextToken++, shard.Generation, null) { Settlement = settlement, Bytes = EntityMachine.RowOverheadBytes },
            effects);
    }
}
