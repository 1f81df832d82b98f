using System.Net;
using Akka.Actor;
using AkkaScale.Cluster.Options;

namespace AkkaScale.Cluster;

/// <summary>Whoever reaches the port of remoting controls the cluster: Akka.NET knows no other authentication of nodes than mutual TLS.</summary>
internal static class RemotingCheck
{
    private const string Tcp = "akka.remote.dot-netty.tcp";

    public static bool IsEncrypted(ActorSystem system) => system.Settings.Config.GetBoolean($"{Tcp}.enable-ssl");

    /// <summary>Where the port listens, which is not always how others call it.</summary>
    public static string BoundTo(ActorSystem system, Address self) =>
        system.Settings.Config.GetString($"{Tcp}.hostname", self.Host) is { Length: > 0 } bound ? bound : self.Host;

    public static bool IsLoopback(string? host) =>
        host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    /// <exception cref="ClusterRefusedException">Plain text on another address than loopback, and nobody allowed it by name.</exception>
    public static void Run(ActorSystem system, Address self, bool allowPlaintext)
    {
        if (allowPlaintext || IsEncrypted(system))
        {
            return;
        }

        var bound = BoundTo(system, self);
        if (!IsLoopback(bound) || !IsLoopback(self.Host))
        {
            throw new ClusterRefusedException(
                $"Remoting listens on {bound} ({self}) in plain text, and whoever reaches that port controls the cluster. Use mutual TLS (Tls), or set "
                + "AllowPlaintext if the network keeps others out.");
        }
    }
}
