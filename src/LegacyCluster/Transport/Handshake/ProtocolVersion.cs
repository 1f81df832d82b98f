namespace AkkaScale.LegacyCluster.Transport.Handshake;

/// <summary>The version of the frame protocol that this program speaks. Whoever speaks another is refused.</summary>
internal static class ProtocolVersion
{
    public const uint Current = 1;
}
