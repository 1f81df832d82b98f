using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.Drills;

/// <summary>What is read, again and again, to see whether a shard answers.</summary>
/// <param name="Path">At a gateway.</param>
internal sealed record DrillProbe(ShardName Shard, string Path)
{
    /// <summary>Null: the gateway has no route to entities of that region.</summary>
    public static DrillProbe? Of(DrillProbeShape probe) => probe.Region is "user" or "project" or "task"
        ? new DrillProbe(new ShardName(probe.Region, probe.Shard), $"/{probe.Region}s/{Uri.EscapeDataString(probe.Id)}")
        : null;
}
