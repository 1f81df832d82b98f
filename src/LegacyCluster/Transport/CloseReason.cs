namespace AkkaScale.LegacyCluster.Transport;

/// <summary>Why an authenticated connection ended.</summary>
internal enum CloseReason
{
    None,

    /// <summary>The other side closed it, or the network did.</summary>
    Lost,

    /// <summary>Nothing arrived for three ping intervals.</summary>
    Silent,

    /// <summary>The same incarnation opened a newer one.</summary>
    Replaced,

    /// <summary>The peer is no longer a live member.</summary>
    PeerGone,

    /// <summary>This side leaves; what gathered is still sent.</summary>
    Stopped,

    /// <summary>The peer broke the protocol.</summary>
    Broken,

    /// <summary>The receiver of frames failed.</summary>
    ReceiverFault,
}
