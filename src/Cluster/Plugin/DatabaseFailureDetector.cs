using Akka.Configuration;
using Akka.Event;
using Akka.Remote;

namespace AkkaScale.Cluster.Plugin;

/// <summary>Akka's own failure detector, which also takes the database's word: a down or dead incarnation is unavailable at once.</summary>
/// <remarks>
/// It hears of an address only, at which the next incarnation may listen already; the word counts while the member there still has the uid
/// of the incarnation that is gone. Heartbeats go on to find what reaches the database but not its peers.
/// </remarks>
public sealed class DatabaseFailureDetector : PhiAccrualFailureDetector
{
    private readonly EventStream _events;
    private ClusterMembership? _membership;

    /// <summary>As Akka makes it.</summary>
    public DatabaseFailureDetector(Config config, EventStream events)
        : base(config, events) => _events = events;

    public override bool IsAvailable => !IsGone && base.IsAvailable;

    private bool IsGone => (_membership ??= ClusterMembership.Find(_events))?.IsGoneAt(Address) ?? false;
}
