using Akka.Actor;

namespace AkkaScale.Cluster;

internal sealed class ClusterMembershipProvider : ExtensionIdProvider<ClusterMembership>
{
    public override ClusterMembership CreateExtension(ExtendedActorSystem system) => new(system);
}
