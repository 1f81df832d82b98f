using AkkaScale.Tests.Chaos.Rig;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Chaos.Nemeses;

/// <summary>All there are.</summary>
internal static class NemesisList
{
    /// <summary>Chosen anew each time, from different areas.</summary>
    public static Nemesis TwoAtOnce { get; } = new("two-at-once", "two of the others at the same time, chosen at random", Area.Process, _ => Task.CompletedTask);

    public static IReadOnlyList<Nemesis> All { get; } =
        [.. ProcessNemeses.All, .. CutNemeses.All, .. DisturbanceNemeses.All, .. DatabaseNemeses.All, TwoAtOnce];

    /// <summary>The one of a name, or those of a family such as "stop".</summary>
    public static IReadOnlyList<Nemesis> Named(string name) => All.FirstOrDefault(nemesis => nemesis.Name == name) is { } one
        ? [one]
        : [.. All.Where(nemesis => nemesis.Name.StartsWith(name + "-", StringComparison.Ordinal))];

    /// <summary>Two of different areas.</summary>
    public static Nemesis[] Pair(ChaosCluster cluster, Random random)
    {
        var fit = Pairable(cluster);
        var first = fit[random.Next(fit.Length)];
        var others = fit.Where(nemesis => nemesis.Area != first.Area).ToArray();
        return [first, others[random.Next(others.Length)]];
    }

    /// <summary>Why a nemesis cannot be done here, or null.</summary>
    public static string? WhyNot(Nemesis nemesis, ChaosCluster cluster) => nemesis switch
    {
        { NeedsDatabase: true } when cluster.Database is null => $"{TestStore.Sqlite} has no server",
        _ when nemesis == TwoAtOnce && Pairable(cluster).DistinctBy(one => one.Area).Count() < 2 => $"a process and a cut need more than {cluster.Entities.Count} nodes",
        _ => nemesis.WhyNot(cluster),
    };

    /// <remarks>A cut sends a node away, and a process may be gone at the same time: a third must be there to take over from both.</remarks>
    private static Nemesis[] Pairable(ChaosCluster cluster) =>
    [
        .. All.Where(nemesis => nemesis != TwoAtOnce && !nemesis.IsWhole && WhyNot(nemesis, cluster) is null
            && (nemesis.Area != Area.Network || cluster.Entities.Count >= 3)),
    ];
}
