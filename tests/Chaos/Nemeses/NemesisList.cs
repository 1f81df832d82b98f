using AkkaScale.Tests.Chaos.Rig;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Chaos.Nemeses;

/// <summary>All there are.</summary>
internal static class NemesisList
{
    public static IReadOnlyList<Nemesis> All { get; } = [.. ProcessNemeses.All, .. NetworkNemeses.All, .. DatabaseNemeses.All, .. ClockNemeses.All];

    /// <summary>Those of a name, or of a family such as "stop".</summary>
    public static IReadOnlyList<Nemesis> Named(string name) =>
        [.. All.Where(nemesis => nemesis.Name == name || nemesis.Name.StartsWith(name + "-", StringComparison.Ordinal))];

    /// <summary>Why a nemesis cannot be done here, or null.</summary>
    public static string? WhyNot(Nemesis nemesis, ChaosCluster cluster) =>
        nemesis.NeedsDatabase && cluster.Databases is null ? $"{TestStore.Sqlite} has no server" : nemesis.WhyNot(cluster);
}
