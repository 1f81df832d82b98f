using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>A cluster as shipped that has come to rest, for tests that do one thing to it and look.</summary>
internal sealed class SettledWorld
{
    private readonly Ending _ending;

    public SettledWorld(int seed, int nodes, int shardCount = 24)
    {
        World = new World(WorldConfig.Plain(seed, nodes, shardCount), RunOptions.Whole);
        _ending = new Ending(World);
        Random = World.Config.Streams.Of("test");
        World.StartNodes();
        Run(TimeSpan.FromSeconds(12));
        RunUntilSettled(TimeSpan.Zero, "start", nodes);
    }

    public World World { get; }

    public Random Random { get; }

    public IReadOnlyList<WorldNode> Nodes => World.Nodes;

    public WorldNode Coordinator => World.NodeOf(World.Store.Read().Coordinator.Holder!.Value)!;

    /// <summary>Shards that run on the node.</summary>
    public static int[] Hosted(WorldNode node)
    {
        var hosted = new List<int>();
        foreach (var shard in node.Member is { } member ? member.Region.Shards : [])
        {
            if (shard is not null)
            {
                hosted.Add(shard.Shard);
            }
        }

        return [.. hosted];
    }

    public void Run(TimeSpan time) => World.Agenda.RunUntil(World.Agenda.Now + time);

    public string? WhatIsUnsettled() => _ending.WhatIsUnsettled() ?? _ending.WhatIsUneven();

    public void Cut(WorldNode one, WorldNode other)
    {
        World.Network.Cut(one, other, TimeSpan.Zero);
        World.Network.Cut(other, one, TimeSpan.Zero);
    }

    public void Mend(WorldNode one, WorldNode other)
    {
        World.Network.Mend(one, other);
        World.Network.Mend(other, one);
    }

    /// <param name="isEven">False: nodes that joined late or wait to join may have no share.</param>
    public void RunUntilSettled(TimeSpan limit, string after, int hosts = 0, int atMost = int.MaxValue, bool isEven = true)
    {
        var end = World.Agenda.Now + limit;
        while (true)
        {
            var up = Nodes.Count(node => node.Member is { Status: MemberStatus.Up });
            var unsettled = up < hosts ? "not everybody is up"
                : up > atMost ? $"{up} members are up"
                : isEven ? WhatIsUnsettled() : _ending.WhatIsUnsettled();
            if (unsettled is null)
            {
                return;
            }

            if (World.Agenda.Now >= end)
            {
                Assert.Fail(FormattableString.Invariant($"{limit.TotalSeconds:0.0} s after {after}: {unsettled} (seed {World.Config.Seed})"));
            }

            Run(TimeSpan.FromMilliseconds(10));
        }
    }
}
