namespace AkkaScale.Tests.Journal.Conformance;

/// <summary>The one list of what plugins do otherwise than the rules say.</summary>
public static class Deviations
{
    private static readonly Deviation[] s_all =
    [
    ];

    public static Deviation? Find(string plugin, string rule) => s_all.SingleOrDefault(each => each.Plugin == plugin && each.Rule == rule);
}
