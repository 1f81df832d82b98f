using AkkaScale.Hosting.Options;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Care;

namespace AkkaScale.Hosting.Doctor;

/// <summary>Everything the rules judge by, gathered beforehand; rules ask nobody.</summary>
/// <param name="Self">Name of the node that was asked.</param>
/// <param name="Options">Of that node; what others do differently is in their settings.</param>
/// <param name="Nodes">Every live member, that node included.</param>
/// <param name="Store">Null: it did not answer.</param>
internal sealed record DoctorFacts(
    DateTimeOffset At,
    string Self,
    AkkaScaleOptions Options,
    ClusterReading Reading,
    IReadOnlyList<NodeFacts> Nodes,
    StoreFacts? Store,
    StoreLatency Latency);
