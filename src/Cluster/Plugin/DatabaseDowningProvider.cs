using Akka.Actor;
using Akka.Cluster;

namespace AkkaScale.Cluster.Plugin;

/// <summary>
/// In place of a split-brain resolver: downs the members whose incarnations the database has as down, dead or left, and nobody else. Who
/// is sent away in a partition is decided in the database too, see <see cref="DowningActor"/>.
/// </summary>
public sealed class DatabaseDowningProvider(ActorSystem system, Akka.Cluster.Cluster cluster) : IDowningProvider
{
    /// <summary>None: an incarnation that is gone holds nothing that could still run.</summary>
    public TimeSpan DownRemovalMargin => TimeSpan.Zero;

    public Props DowningActorProps => Props.Create(() => new DowningActor(ClusterMembership.For(system), cluster));
}
