using System.Text;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Transport.Handshake;

/// <summary>What one side brings to every handshake.</summary>
internal sealed class HandshakeIdentity(Incarnation self, string clusterName, string secret)
{
    public Incarnation Self { get; } = self;

    public string ClusterName { get; } = clusterName;

    public byte[] Secret { get; } = Encoding.UTF8.GetBytes(secret);
}
