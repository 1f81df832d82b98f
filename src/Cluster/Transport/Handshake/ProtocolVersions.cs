namespace AkkaScale.Cluster.Transport.Handshake;

/// <summary>Versions of the frame protocol that this program speaks.</summary>
internal static class ProtocolVersions
{
    public const uint Min = 1;

    public const uint Max = 1;

    /// <summary>The newest version that both ranges hold, or null.</summary>
    public static uint? Negotiate(uint min, uint max, uint ownMin = Min, uint ownMax = Max)
    {
        var version = Math.Min(max, ownMax);
        return version >= Math.Max(min, ownMin) ? version : null;
    }
}
