namespace AkkaScale.Cluster.Transport.Handshake;

/// <summary>Versions of the frame protocol that this program speaks.</summary>
internal static class ProtocolVersions
{
    public const uint Min = 1;

    /// <summary>1: an unknown frame closes the connection. 2: it is answered with NotUnderstood. 3: an Ask may be of a read that is to be confirmed.</summary>
    public const uint Max = 3;

    /// <summary>From here on a frame that is not understood is answered by name.</summary>
    public const uint WithNotUnderstood = 2;

    /// <summary>The newest version that both ranges hold, or null.</summary>
    public static uint? Negotiate(uint min, uint max, uint ownMin = Min, uint ownMax = Max)
    {
        var version = Math.Min(max, ownMax);
        return version >= Math.Max(min, ownMin) ? version : null;
    }
}
