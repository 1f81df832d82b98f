using System.Diagnostics.Metrics;

namespace AkkaScale.LegacyCluster.Membership;

/// <summary>Instruments of meter AkkaScale.LegacyCluster; one instance for each process.</summary>
public sealed class ClusterMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "AkkaScale.Cluster";

    private static readonly MemberStatus[] Statuses = Enum.GetValues<MemberStatus>();

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _polls;
    private readonly Counter<long> _renewals;
    private readonly Counter<long> _acquisitions;
    private readonly Counter<long> _handOvers;
    private readonly Counter<long> _releases;
    private readonly Counter<long> _hints;
    private Func<ClusterView>? _view;

    public ClusterMetrics()
    {
        _polls = _meter.CreateCounter<long>("akkascale.cluster.polls", "{poll}", "Readings of the store, by outcome.");
        _renewals = _meter.CreateCounter<long>("akkascale.cluster.renewals", "{renewal}", "Renewals of the lease, by outcome.");
        _acquisitions = _meter.CreateCounter<long>("akkascale.cluster.acquisitions", "{shard}", "Shards acquired: first, takeover, handoff (released by its owner before) or reload.");
        _handOvers = _meter.CreateCounter<long>("akkascale.cluster.handoffs", "{shard}", "Shards given to another owner.");
        _releases = _meter.CreateCounter<long>("akkascale.cluster.releases", "{shard}", "Shards given up without another owner.");
        _hints = _meter.CreateCounter<long>("akkascale.cluster.hints", "{hint}", "Changes of the store that peers were told of at once (sent), or not (withheld).");
        _meter.CreateObservableGauge(
            "akkascale.cluster.lease.remaining", () => _view?.Invoke().LeaseRemaining.TotalSeconds ?? 0, "s", "How long this process may still serve.");
        _meter.CreateObservableGauge("akkascale.cluster.members", CountMembers, "{member}", "Members by status, as last read.");
    }

    internal void Observe(Func<ClusterView>? view) => _view = view;

    internal void Polled(bool succeeded) => _polls.Add(1, new KeyValuePair<string, object?>("outcome", succeeded ? "ok" : "unavailable"));

    internal void Renewed(WriteOutcome outcome) => _renewals.Add(1, new KeyValuePair<string, object?>("outcome", Name(outcome)));

    internal void Acquired(string acquiredBy, int shards) => _acquisitions.Add(shards, new KeyValuePair<string, object?>("by", acquiredBy));

    internal void HandedOver(int shards) => _handOvers.Add(shards);

    internal void Released(int shards) => _releases.Add(shards);

    internal void Hinted(bool sent) => _hints.Add(1, new KeyValuePair<string, object?>("outcome", sent ? "sent" : "withheld"));

    public void Dispose() => _meter.Dispose();

    private static string Name(WriteOutcome outcome) => outcome switch
    {
        WriteOutcome.Applied => "applied",
        WriteOutcome.Refused => "refused",
        _ => "unknown",
    };

    private IEnumerable<Measurement<long>> CountMembers()
    {
        var members = _view?.Invoke().Reading?.Members ?? [];
        foreach (var status in Statuses)
        {
            yield return new Measurement<long>(
                members.Count(member => member.Status == status),
                new KeyValuePair<string, object?>("status", status.ToString().ToLowerInvariant()));
        }
    }
}
