using System.Text.Json;
using AkkaScale.Cluster.Membership;
using AkkaScale.Sharding.Allocation;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using AkkaScale.Sharding.Shards;
using AkkaScale.Tests.Simulation.Shards;
using AkkaScale.Tests.Unit.Sharding;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>What must hold once everything has been well for a while: all is served and answered, every message has arrived, nothing is left over.</summary>
internal sealed class Ending(World world)
{
    /// <summary>The store's time by which a timer must have fired that is due before it.</summary>
    private DateTimeOffset LongDue => World.Birth + world.Agenda.Now - TimeSpan.FromSeconds(5);

    public bool IsQuiet => WhatIsUneven() is null && OpenOutbox() is null && OpenTimer() is null;

    public void Check(IReadOnlyList<WorldClient> clients)
    {
        Expect("I6", WhatIsUnsettled());
        foreach (var client in clients)
        {
            Expect("I6", client.Current is { } open
                ? $"client {client.Number} has no answer to {open.What} of {open.Entity} ({World.Short(open.CommandId)})"
                : null);
        }

        foreach (var node in world.Nodes)
        {
            Expect("I9", node.Router.IsIdle ? null : $"commands wait in the router of {node.Name}");
            Expect("I9", node.Member is null or { Region.Handoffs.IsIdle: true } ? null : $"a handoff of {node.Name} does not end");
        }

        world.Witness.CheckJournal();
    }

    /// <summary>Shares are even, and every message has arrived.</summary>
    public void CheckQuiet()
    {
        Expect("I8", WhatIsUnsettled() ?? WhatIsUneven());
        Expect("outbox", OpenOutbox());
        CheckLetters();
        Expect("timer", OpenTimer());
        foreach (var alarm in world.Store.Entities.Where(entity => entity.Kind == "alarm"))
        {
            AlarmChecks.Check(alarm, world.Store.EventsOf(alarm), out _);
        }
    }

    private string? OpenTimer()
    {
        for (var shard = 0; shard < world.Config.Cluster.ShardCount; shard++)
        {
            if (world.Store.TimersOf(shard) is [var first, ..] && first.DueAt < LongDue)
            {
                return $"the timer {first.Name} of {first.Entity}, due at {first.DueAt:HH:mm:ss.fff}, does not fire";
            }
        }

        return null;
    }

    /// <summary>Every shard is served under its present epoch by its target.</summary>
    public string? WhatIsUnsettled()
    {
        var reading = world.Store.Read();
        var targets = reading.Targets.ToDictionary(target => target.Shard, target => target.Target);
        foreach (var row in reading.Owners)
        {
            if (row.Owner is not { } owner || world.FindMember(owner) is not { } member || member.Status != MemberStatus.Up)
            {
                return $"shard {row.Shard} has no living owner (epoch {row.Epoch}, owner {row.Owner}, target {targets.GetValueOrDefault(row.Shard)})";
            }

            if (targets.GetValueOrDefault(row.Shard) != owner)
            {
                return $"shard {row.Shard} is not where it should be";
            }

            if (!member.MayServe || member.Region.Shards[row.Shard] is not { State.Phase: ShardPhase.Running } shard || shard.Epoch != row.Epoch)
            {
                return $"shard {row.Shard} is not served by its owner {member.Node.Name}: {member.Region.Shards[row.Shard]?.State.Phase.ToString() ?? "not there"}";
            }
        }

        return null;
    }

    /// <summary>What the owner's memory says of a shard's outbox, for whoever reads the violation.</summary>
    private string StateOf(int shard)
    {
        var owner = world.Store.Read().Owners[shard].Owner;
        if (owner is null || world.FindMember(owner.Value)?.Region.Shards[shard] is not { State: var state })
        {
            return "; nobody runs it";
        }

        var channels = state.Outbox.Channels.Values.Select(channel => $"{channel.Key.Sender.Id}>{channel.Key.Receiver.Id} {channel.Phase} {channel.Waiting.Count}");
        return $"; {state.Phase}, complete {state.Outbox.IsComplete}, pass {state.Outbox.Pass is not null}, in flight {state.Outbox.InFlight}, "
            + $"ready {state.Outbox.Ready.Count}, messages {state.Outbox.Messages}, unsaved {state.Unsaved.Count}, channels {string.Join(", ", channels)}";
    }

    private string? OpenOutbox()
    {
        for (var shard = 0; shard < world.Config.Cluster.ShardCount; shard++)
        {
            if (world.Store.ReadOutbox(shard, null, 1) is [var message])
            {
                return $"message {message.Nr} of {message.Sender} to {message.Receiver} stays in the outbox{StateOf(shard)}";
            }
        }

        return null;
    }

    public string? WhatIsUneven()
    {
        int[] shares = [.. world.Nodes.Where(node => node.Role == MemberSnapshot.EntityRole && node.Member is not null).Select(node => node.Member!.Region.Count)];
        return shares.Max() - shares.Min() <= 1
            ? null
            : $"the members have {string.Join(", ", shares)} shards";
    }

    /// <summary>Every letter has taken effect exactly once, in order.</summary>
    private void CheckLetters()
    {
        var relays = world.Store.Entities.Where(entity => entity.Kind == RelayKind.Name).OrderBy(entity => entity.Id, StringComparer.Ordinal).ToArray();
        foreach (var sender in relays)
        {
            var sent = world.Store.EventsOf(sender).Where(row => row.EventType == "sent").Select(Letter).GroupBy(letter => letter.Receiver);
            foreach (var channel in sent)
            {
                Check(sender, new EntityKey(RelayKind.Name, channel.Key), channel.Count());
            }
        }

        foreach (var receiver in relays)
        {
            foreach (var row in world.Store.EventsOf(receiver))
            {
                Expect("outbox", row.Origin is { } origin && world.Store.VersionOf(origin.Sender) < origin.Nr >> 16
                    ? $"{receiver} has taken message {origin.Nr} of {origin.Sender}, who has not sent it"
                    : null);
            }
        }
    }

    private void Check(EntityKey sender, EntityKey receiver, int sent)
    {
        var accepted = world.Store.EventsOf(receiver)
            .Where(row => row.Origin?.Sender == sender && row.EventType != EngineEvents.Closed).ToArray();
        world.Coverage.Met(Situation.MessageDelivered, accepted.Length);
        Expect("outbox", accepted.Length == sent ? null : $"{receiver} accepted {accepted.Length} of {sent} letters of {sender}");
        for (var index = 1; index < accepted.Length; index++)
        {
            Expect("outbox", accepted[index - 1].Origin!.Value.Nr < accepted[index].Origin!.Value.Nr ? null : $"letters of {sender} to {receiver} changed places");
        }

        var taken = accepted.Where(row => row.EventType == "taken").Select(row => Letter(row).Number);
        Expect(
            "outbox", taken.SequenceEqual(Enumerable.Range(1, sent).Where(RelayKind.IsTaken)) ? null : $"{receiver} took the letters of {sender} in another order, or others");
    }

    private static (string Receiver, int Number) Letter(JournalEvent row)
    {
        using var json = JsonDocument.Parse(row.Payload);
        return (json.RootElement.TryGetProperty("receiver", out var receiver) ? receiver.GetString()! : "", json.RootElement.GetProperty("number").GetInt32());
    }

    private static void Expect(string invariant, string? objection)
    {
        if (objection is not null)
        {
            throw new WorldViolationException(invariant, objection);
        }
    }
}
