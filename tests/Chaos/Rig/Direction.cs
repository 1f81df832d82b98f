using AkkaScale.TestKit.Networks;

namespace AkkaScale.Tests.Chaos.Rig;

/// <summary>What one host sends to another.</summary>
internal sealed record Direction(SpecHost From, SpecHost To)
{
    public Direction Back => new(To, From);

    /// <summary>What hosts of one side send to those of the other.</summary>
    public static IReadOnlyList<Direction> OneWay(IEnumerable<SpecHost> from, IReadOnlyCollection<SpecHost> to) =>
        [.. from.SelectMany(one => to.Select(other => new Direction(one, other)))];

    public static IReadOnlyList<Direction> BothWays(IEnumerable<SpecHost> side, IReadOnlyCollection<SpecHost> other) =>
        [.. OneWay(side, other).SelectMany(direction => new[] { direction, direction.Back })];
}
