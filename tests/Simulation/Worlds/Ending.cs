using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding.Allocation;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>What must hold once everything has been well for a while: all is served and answered, nothing is left over.</summary>
internal sealed class Ending(World world)
{
    public bool IsQuiet => WhatIsUneven() is null;

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

    /// <summary>Shares are even.</summary>
    public void CheckQuiet() => Expect("I8", WhatIsUnsettled() ?? WhatIsUneven());

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

    public string? WhatIsUneven()
    {
        int[] shares = [.. world.Nodes.Where(node => node.Role == MemberSnapshot.EntityRole && node.Member is not null).Select(node => node.Member!.Region.Count)];
        return shares.Max() - shares.Min() <= 1
            ? null
            : $"the members have {string.Join(", ", shares)} shards";
    }

    private static void Expect(string invariant, string? objection)
    {
        if (objection is not null)
        {
            throw new WorldViolationException(invariant, objection);
        }
    }
}
