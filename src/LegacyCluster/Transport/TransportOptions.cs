namespace AkkaScale.LegacyCluster.Transport;

/// <summary>Bounds of the cluster port. Bound from section AkkaScale:Transport, validated at start.</summary>
public sealed class TransportOptions
{
    /// <summary>Largest frame in bytes, header included; a longer length closes the connection before anything is allocated.</summary>
    public int MaxFrameBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Unsent bytes a connection may hold; beyond it a send is refused.</summary>
    public int MaxUnsentBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>From accept or connect to the end of the handshake.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Inbound connections, authenticated or not, that are held at a time.</summary>
    public int MaxConnections { get; set; } = 1024;

    /// <summary>First wait before a lost connection is tried again; doubles with jitter up to <see cref="MaxBackoff"/>.</summary>
    public TimeSpan MinBackoff { get; set; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Idle time after which a ping is sent; a connection without any frame for three of these is closed.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(1);
}
