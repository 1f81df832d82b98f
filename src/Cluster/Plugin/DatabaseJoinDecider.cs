using Akka.Actor;
using Akka.Event;
using Akka.Management.Cluster.Bootstrap;
using AkkaScale.Cluster.Joining;
using AkkaScale.Cluster.Liveness;

namespace AkkaScale.Cluster.Plugin;

/// <summary>Lets the database decide who founds the cluster and who joins it, so that there is never a second one.</summary>
/// <param name="settings">Of Akka.Management, which hands them to every decider; nothing of them is used.</param>
public sealed class DatabaseJoinDecider(ActorSystem system, ClusterBootstrapSettings settings) : IJoinDecider
{
    private readonly ClusterMembership _membership = ClusterMembership.For(system);
    private readonly ILoggingAdapter _log = Logging.GetLogger(system, typeof(DatabaseJoinDecider));
    private readonly string _self = Akka.Cluster.Cluster.Get(system).SelfAddress.ToString();
    private TimeSpan? _firstAsked;
    private string _lastReason = "";

    public ClusterBootstrapSettings Settings => settings;

    public async Task<IJoinDecision> Decide(SeedNodesInformation info)
    {
        var contacts = info.SeedNodesObservations
            .Select(seen => (Source: seen.SourceAddress.ToString(), Seeds: seen.SeedNodes.Select(seed => seed.ToString()).ToList()))
            .Select(seen => new ContactAnswer(seen.Source, seen.Seeds, seen.Seeds))
            .ToList();
        if (await LackAsync() is { } lack)
        {
            return Probe(lack);
        }

        var now = _membership.Time.Monotonic();
        _firstAsked ??= now;
        var reading = _membership.Snapshot.Reading;
        var view = new JoinView(reading, _membership.Incarnation, _self, contacts, now - _firstAsked.Value);
        switch (JoinRule.Decide(view, _membership.Options.TimeToLive))
        {
            case JoinDecision.JoinSeeds(var generation, var addresses):
                return await _membership.Observer.Commands.RunAsync(session => session.Join(generation, _membership.Incarnation))
                    ? Join(addresses)
                    : Probe($"generation {generation} is over");
            case JoinDecision.TryFound(var generation, var founder):
                return await _membership.Observer.Commands.RunAsync(session => session.Found(generation, founder, _membership.Incarnation))
                    is { } founded
                    ? Found(founded)
                    : Probe("somebody else founded the cluster");
            case JoinDecision.KeepProbing(var reason):
                return Probe(reason);
            default:
                throw new InvalidOperationException("Unknown decision.");
        }
    }

    /// <summary>Who cannot ask for leases would be given shards and run none.</summary>
    private async Task<string?> LackAsync()
    {
        try
        {
            return await _membership.Leases.Commands.RunAsync(_ => (string?)null);
        }
        catch (Exception error)
        {
            return $"the leases' table cannot be asked: {error.Message}";
        }
    }

    private IJoinDecision Join(IReadOnlyList<string> addresses)
    {
        _log.Info("Joining {0}.", string.Join(", ", addresses));
        return addresses is [var only] && only == _self
            ? JoinSelf.Instance
            : new JoinOtherSeedNodes([.. addresses.Select(Address.Parse)]);
    }

    private JoinSelf Found(long generation)
    {
        _log.Info("Founded generation {0} of the cluster.", generation);
        return JoinSelf.Instance;
    }

    private KeepProbing Probe(string reason)
    {
        if (reason != _lastReason)
        {
            _log.Info("Not joining yet: {0}.", reason);
            _lastReason = reason;
        }

        return KeepProbing.Instance;
    }
}
