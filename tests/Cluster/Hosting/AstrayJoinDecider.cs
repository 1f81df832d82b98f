using Akka.Actor;
using Akka.Management.Cluster.Bootstrap;
using AkkaScale.Cluster.Plugin;

namespace AkkaScale.Tests.Cluster.Hosting;

/// <summary>Decides as the database does, but names one to join who ended a moment before.</summary>
public sealed class AstrayJoinDecider(ActorSystem system, ClusterBootstrapSettings settings) : IJoinDecider
{
    private readonly DatabaseJoinDecider _database = new(system, settings);
    private readonly Address _gone = new("akka.tcp", system.Name, "127.0.0.1", LoopbackPorts.Next());

    public async Task<IJoinDecision> Decide(SeedNodesInformation info) =>
        await _database.Decide(info) is JoinOtherSeedNodes ? new JoinOtherSeedNodes([_gone]) : KeepProbing.Instance;
}
