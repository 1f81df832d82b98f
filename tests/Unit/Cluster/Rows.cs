using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;

namespace AkkaScale.Tests.Unit.Cluster;

/// <summary>Rows and times as the tests of the rules write them.</summary>
internal static class Rows
{
    /// <summary>
    /// Time to live 2 s, margin 10 %: renew each 0.5 s, own deadline 1.8 s, dead after 2.2 s. Flapping is 10 s of 30.
    /// </summary>
    public static readonly ClusterDatabaseOptions Options = new() { FlappingLimit = At(10), FlappingWindow = At(30) };

    public static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    public static NodeRow Row(
        string incarnation, NodeState state = NodeState.Live, long renewals = 1, long generation = 1, string? address = null, string? reason = null) =>
        new(incarnation, incarnation, address ?? $"at-{incarnation}", incarnation[0], null, null, [], "", generation, state, renewals, null, reason, default);

    public static ClusterReading Reading(params NodeRow[] rows) => new(1, "a", rows);
}
