using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.LegacyCluster.Membership;

/// <summary>What a member knows of the cluster and of itself, for management. Immutable.</summary>
/// <param name="Reading">The last successful reading of the store, or null before the first.</param>
/// <param name="Self">The own row in that reading.</param>
/// <param name="IsReady">Up, holding a valid lease, and polling the store successfully.</param>
/// <param name="NotReadyReasons">Empty when ready; else one line for each thing that is missing.</param>
/// <param name="LeaseRemaining">How long this process may still serve without another renewal; zero when it may not.</param>
public sealed record ClusterView(
    ClusterReading? Reading,
    MemberSnapshot? Self,
    bool IsReady,
    IReadOnlyList<string> NotReadyReasons,
    TimeSpan LeaseRemaining);
